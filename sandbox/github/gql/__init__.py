"""The GraphQL API of the stand-in: a real engine over the state."""
