"""How single changes are written, and how many at a time; `sync.apply` decides when, and tells what came of them."""
