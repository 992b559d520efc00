"""Everyday words of this field: as the name or alias of a community, such a word finds what nobody meant."""

COMMON_WORDS = frozenset(
    {
        *("access", "admin", "ai", "api", "archive", "aws", "bug", "call"),
        *("catalog", "center", "centre", "chat", "check-in", "class", "climate", "cloud", "cluster", "code"),
        *("college", "commons", "community", "config", "course", "csh", "data", "delta", "demo", "deploy"),
        *("docs", "earth", "education", "email", "engineering", "enhancement", "environment", "event", "eu", "faq"),
        *("feature", "fix", "follow-up", "forum", "gcp", "grant", "group", "help", "hours", "hub", "image", "images"),
        *("infra", "infrastructure", "insight", "institute", "it", "kick-off", "lab", "labs", "library"),
        *("login", "logins", "map", "maps", "meeting", "network", "notebook", "notebooks", "ocean", "office"),
        *("open", "outreach", "partner", "pilot", "platform", "portal", "prod", "production", "program", "project"),
        *("python", "question", "report", "request", "research", "school", "science", "server", "servers", "service"),
        *("staging", "storage", "student", "students", "summer", "summit", "support", "task", "tbd"),
        *("team", "test", "tests", "ticket", "todo", "tool", "tools", "training", "tutorial", "uk", "university"),
        *("upgrade", "us", "user", "users", "water", "weather", "wip", "workshop", "world"),
    }
)
