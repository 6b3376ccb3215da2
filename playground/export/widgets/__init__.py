"""Parts that the dialogs of the export share."""
