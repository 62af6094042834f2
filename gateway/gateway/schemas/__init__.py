"""What the API takes and answers: dataclasses, from which requests are checked and the API document is written.

What is taken is checked here for its shape; what it means is the service's to judge.
"""
