"""Takes money, gives it back, and keeps the books; decides once what became of every payment."""
