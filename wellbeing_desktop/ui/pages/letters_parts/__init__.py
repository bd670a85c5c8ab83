"""Parts of the letters screen: writing one, the preview, the print queue, letters to many."""
