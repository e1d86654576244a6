"""What comes in from people: page forms and workbooks, made into drafts."""
