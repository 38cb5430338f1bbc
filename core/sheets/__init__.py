"""Tables that people bring: CSV and XLSX read into rows of text, within bounds."""
