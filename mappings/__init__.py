"""Policy: what an issue becomes, whose it is, who is who. Pure; knows no service."""
