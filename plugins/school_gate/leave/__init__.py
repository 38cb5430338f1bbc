"""Leave slips, boarders out, permissions to come in: asked, issued, stamped, used, back (SCH-5, SCH-6)."""
