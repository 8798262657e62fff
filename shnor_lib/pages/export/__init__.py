"""From an executed notebook to files: HTML pages, CSV and Excel tables, index pages."""
