"""What each software writes: one TOML file each; ``dcmtk.toml`` shows and explains the form."""
