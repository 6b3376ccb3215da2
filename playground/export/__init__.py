"""Pictures and data of what the window shows, in forms that slides, documents and spreadsheets take."""
