"""``POST /graphql``: check, price, run, and answer as GitHub does, with errors beside data under status 200."""

from __future__ import annotations

from functools import lru_cache

from aiohttp import web
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)
from graphql.language import FieldNode, OperationType

from sandbox.core import Json
from sandbox.github.errors import Refused
from sandbox.github.gql import addresses, boards, issues, lists, mutations, places, roots, timeline, values
from sandbox.github.gql.context import Context
from sandbox.github.gql.price import MOST_NODES, Price, price_of
from sandbox.github.gql.problems import while_validating, while_working
from sandbox.github.gql.resolvers import resolve, type_name
from sandbox.github.gql.schema import PARTS, schema_with
from sandbox.github.limits import Meter
from sandbox.github.rest.base import json_object
from sandbox.github.state import GitHubState

ROOMS = (roots, places, lists, issues, timeline, boards, values, addresses, mutations)
"""The modules whose functions fill the table of resolvers when they are imported."""

NOT_ACCESSIBLE = "Resource not accessible by personal access token"
TIMEOUT_SURCHARGE = 10
"""Points a query that timed out costs on top."""

SCOPED_TYPES = {"read:project": ("ProjectV2",), "read:org": ("IssueFieldValueConnection",)}
"""Which types a token without the scope may not ask for."""


class GraphQLEndpoint:
    """The endpoint over one state."""

    def __init__(self, state: GitHubState, meter: Meter) -> None:
        self._state = state
        self._meter = meter

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one query."""
        body = await json_object(request)
        query, variables = body.get("query"), body.get("variables") or {}
        if not isinstance(query, str):
            raise Refused(400, "A query attribute must be specified and must be a string.")
        if not isinstance(variables, dict):
            raise Refused(400, "Variables are invalid.")
        if self._meter.exhausted("graphql"):
            return web.json_response(rate_limited(self._state.viewer.id))
        features = request.headers.get("GraphQL-Features", "")
        return self._run(query, variables, body.get("operationName"), self._parts(features))

    def _parts(self, features: str) -> frozenset[str]:
        options = self._state.options
        asked = "issue_fields" in {one.strip() for one in features.split(",")}
        offered = {
            "issue_fields": options.issue_fields and (asked or not options.issue_fields_need_header),
            "item_query": options.item_query,
            "assigned_actors": options.assigned_actors,
            "duplicate_of": options.assigned_actors,
        }
        return frozenset(part for part in PARTS if offered[part])

    def _run(self, query: str, variables: Json, name: str | None, parts: frozenset[str]) -> web.Response:
        schema = schema_with(parts)
        document = _checked(parts, query)
        if isinstance(document, tuple):
            return _errors(list(document))
        operation = get_operation_ast(document, name)
        if operation is None:
            return _errors([{"message": "An operation name is required"}])
        price = price_of(schema, document, operation, variables)
        refusal = self._refusal(operation, price)
        if refusal is not None:
            return refusal
        self._meter.charge("graphql", price.points)
        context = Context(self._state, price, self._meter.standing("graphql"), parts)
        return _executed(schema, document, variables, name, context)

    def _refusal(self, operation: OperationDefinitionNode, price: Price) -> web.Response | None:
        """Return why a valid query is not run, None when it is."""
        options = self._state.options
        if operation.operation is OperationType.MUTATION:
            if options.read_only:
                return _errors([{"type": "FORBIDDEN", "message": NOT_ACCESSIBLE}])
            if "project" in options.missing_scopes:
                return _errors([_scope_error("project")])
        for scope, types in SCOPED_TYPES.items():
            if scope in options.missing_scopes and price.types & set(types):
                return _errors([_scope_error(scope)])
        if price.nodes > MOST_NODES:
            message = (
                f"This query requests up to {price.nodes:,} possible nodes which exceeds the maximum limit of 500,000."
            )
            return _errors([{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": message}])
        if options.heavy_query_nodes is not None and price.nodes > options.heavy_query_nodes:
            self._meter.charge("graphql", price.points + TIMEOUT_SURCHARGE)
            return _too_heavy(operation, options.heavy_query_answer)
        return None


@lru_cache(maxsize=256)
def _checked(parts: frozenset[str], query: str) -> DocumentNode | tuple[Json, ...]:
    """Return a query read and found valid, or what is wrong with it: a client asks the same few again and again."""
    try:
        document = parse(query)
    except GraphQLError as error:
        return (while_working(error),)
    invalid = validate(schema_with(parts), document)
    return tuple(while_validating(error, document) for error in invalid) or document


def _executed(
    schema: GraphQLSchema, document: DocumentNode, variables: Json, name: str | None, context: Context
) -> web.Response:
    result = execute_sync(
        schema,
        document,
        context_value=context,
        variable_values=variables,
        operation_name=name,
        field_resolver=resolve,
        type_resolver=type_name,
    )
    errors = result.errors or []
    answer: Json = {}
    if result.data is not None or any(error.path for error in errors):
        answer["data"] = result.data
    if errors:
        answer["errors"] = [while_working(error) for error in errors]
    return web.json_response(answer)


def rate_limited(user: int) -> Json:
    """Return the body of an exhausted primary limit: status 200, no data."""
    return {"errors": [{"type": "RATE_LIMITED", "message": f"API rate limit exceeded for user ID {user}."}]}


def _errors(errors: list[Json]) -> web.Response:
    return web.json_response({"errors": errors})


def _scope_error(scope: str) -> Json:
    return {
        "type": "INSUFFICIENT_SCOPES",
        "message": f"Your token has not been granted the required scopes to execute this query. "
        f"It requires one of the following scopes: ['{scope}'].",
    }


def _too_heavy(operation: OperationDefinitionNode, answer: str) -> web.Response:
    if answer == "bad_gateway":
        message = "We couldn't respond to your request in time. Sorry about that. Please try resubmitting your request."
        return web.json_response({"data": None, "errors": [{"message": message}]}, status=502)
    fields = [one for one in operation.selection_set.selections if isinstance(one, FieldNode)]
    names = [one.alias.value if one.alias else one.name.value for one in fields]
    errors = [
        {"type": "RESOURCE_LIMITS_EXCEEDED", "path": [name], "message": "Resource limits for this query exceeded."}
        for name in names
    ]
    return web.json_response({"data": dict.fromkeys(names), "errors": errors})
