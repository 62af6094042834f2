"""The built web pages: their files, and the served HTML with what search engines read."""
