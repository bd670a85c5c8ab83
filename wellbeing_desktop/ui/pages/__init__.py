"""The screens: one file, one `Page`. Parts of a screen are in the folder beside it."""
