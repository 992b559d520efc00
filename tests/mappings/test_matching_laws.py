"""Laws of matching, for texts nobody thought of."""

import html
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.matching.deciding import match
from mappings.matching.folding import fold, shape
from mappings.matching.table import CommunityTable
from mappings.matching.values import IssueText, Kind
from sync.model.contract import Community
from sync.model.ticket import Company
from tests.mappings.matching_cases import COMMUNITIES, HOST, TABLE, cases, matched

lawful = settings(deadline=None, derandomize=True, database=None)
NAMES = [(item.id, name) for item in COMMUNITIES for name in (item.name, *item.aliases)]
OWNED = st.sampled_from(NAMES)
COMMON = (
    "the hub image quotas for we spoke with about Insight insight Delta delta LEAP leap rivers Rivers Pacific lab and"
)
SIGNS = "https://reefwatch.org @reefwatch `DCK` > - * # : – [ ] ( ) . , / _ ~~ <b> </b> <br> <!-- --> ``` &amp;"
WORDS = st.sampled_from([*COMMON.split(), *SIGNS.split(), "\n", "\n\n"])
TEXTS = st.lists(WORDS | OWNED.map(lambda owned: owned[1]), max_size=25).map(" ".join)
TICKET = f"https://{HOST}/a/tickets/7"
ANSWERS = {"7": Company("102"), "8": Company("108")}
PARAGRAPHS = st.sampled_from(
    [
        "We spoke with Delta about quotas.",
        "Agreed with the OpenSoil team.",
        "- [ ] ask NLU\n- [x] ask MoNS",
        "> DCK asked",
        "| who |\n|---|\n| HydroCon |",
        "### Community\n\nReef Watch",
        "### Contact\n\nA person",
        TICKET,
        "nothing to see here",
    ]
)
NO_EVIDENCE = st.sampled_from(
    [
        "```\nReef Watch {}\n```",
        "~~~ text\n### Community\n\nDelta Rivers\n{}\n~~~",
        "<!-- Community: OSN {} -->",
        "<!--\nReef Watch\n\n### Community\n\nGlacierHub {}\n-->",
        "<pre>for NLU {}</pre>",
    ]
).map(lambda block: block.format(f"https://{HOST}/a/tickets/8"))


def outcome(body, title="x", table=TABLE):
    found = match(IssueText(title, body), table, ANSWERS, HOST)
    return found.community_id, found.kind, found.conflict, found.tickets


@lawful
@given(st.text())
def test_shaping_and_folding_again_change_nothing(text):
    text = text.replace("&", "")
    assert shape(shape(text)) == shape(text)
    assert fold(fold(text)) == fold(text) == fold(shape(text))


@lawful
@given(OWNED, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]), st.sampled_from([" ", "\u00a0", "\u2009", "  ", "\t"]))
def test_folding_ignores_case_accents_entities_blanks_and_the_form_of_marks(owned, form, blank):
    name = owned[1]
    assert fold(unicodedata.normalize(form, name)) == fold(name)
    assert fold(name.upper()) == fold(name.lower()) == fold(name)
    assert fold(html.escape(name)) == fold(name)
    assert fold(name.replace(" ", blank)) == fold(name)
    assert fold(name.replace("-", "\u2011")) == fold(name.replace("-", "–")) == fold(name)


@lawful
@given(OWNED)
def test_every_name_is_found_as_it_stands(owned):
    community_id, name = owned
    for title, kind in (
        (f"[{name}] x", Kind.TITLE),
        (f"{name}: x", Kind.TITLE),
        (f"call with {name} today", Kind.ALIAS),
    ):
        assert outcome("", title)[:2] == (community_id, kind)
    assert outcome(f"### Community\n\n{name}\n")[:2] == (community_id, Kind.FORM)


@lawful
@given(OWNED, st.sampled_from(["{}x", "x{}", "{}7", "7{}", "{}-x", "x-{}", "{}_x", "x_{}", "é{}", "{}é"]))
def test_a_name_inside_another_word_is_not_that_name(owned, shape_of_word):
    community_id, name = owned
    others = {other for _, other in NAMES if other != name and other in name}
    found = match(IssueText(f"call with {shape_of_word.format(name)} today"), TABLE, {}, HOST)
    assert found.community_id != community_id or others


@settings(lawful, max_examples=40)
@given(st.permutations(COMMUNITIES), st.randoms(use_true_random=False))
def test_the_order_of_communities_and_aliases_is_irrelevant(shuffled, chance):
    mixed = []
    for item in shuffled:
        aliases = list(item.aliases)
        chance.shuffle(aliases)
        mixed.append(Community(item.id, item.name, tuple(aliases), item.freshdesk_company))
    table = CommunityTable(mixed)
    case = chance.choice(cases("matching-more.jsonl"))
    assert matched(case, table) == matched(case)


@lawful
@given(st.lists(PARAGRAPHS, max_size=5), NO_EVIDENCE, st.integers(0, 5))
def test_code_and_comments_between_paragraphs_change_nothing(paragraphs, block, place):
    with_block = [*paragraphs[:place], block, *paragraphs[place:]]
    assert outcome("\n\n".join(with_block)) == outcome("\n\n".join(paragraphs))


@lawful
@given(OWNED, OWNED)
def test_inline_code_changes_nothing(owned, other):
    plain = f"We spoke with {owned[1]} about it."
    assert outcome(f"{plain} See `{other[1]}`.") == outcome(plain)
    assert outcome(f"We `{other[1]}` spoke with {owned[1]} about it.") == outcome(plain)


@lawful
@given(OWNED, OWNED)
def test_quotations_addresses_and_mentions_decide_nothing_and_take_nothing_away(owned, other):
    plain = f"We spoke with {owned[1]} about it."
    slug = "".join(sign for sign in other[1] if sign.isascii() and sign.isalnum())
    for weak in (f"> {other[1]}", f"https://hub.example/{slug}", f"@{slug}", f"![{other[1]}](x.png)"):
        assert outcome(weak)[0] is None
        assert outcome(f"{plain}\n\n{weak}")[:2] == outcome(plain)[:2]


@lawful
@given(OWNED, OWNED)
def test_a_second_community_in_the_text_means_silence(owned, other):
    body = f"We spoke with {owned[1]} and with {other[1]} about it."
    same = owned[0] == other[0]
    assert (outcome(body)[0] is not None) == same
    assert outcome(body.replace(" and with ", ".\n\n"))[0] in ({owned[0]} if same else {None, owned[0]})


@settings(lawful, max_examples=300)
@given(TEXTS, TEXTS, st.sampled_from(["", "Delta", "unknown hub"]), st.booleans(), st.booleans())
def test_every_assignment_has_its_evidence(title, body, board, ticket, unread):
    text = IssueText(title, f"{body} {TICKET if ticket else ''}", (), board, board_unread=unread)
    found = match(text, TABLE, ANSWERS, HOST)
    deciding = [step for step in found.steps if step.verdict == "decides"]
    if found.community_id is None:
        assert found.kind is Kind.NONE
        assert deciding == []
        return
    assert found.decided
    assert not unread
    assert {step.kind for step in deciding} == {found.kind}
    assert all(step.community_ids == (found.community_id,) for step in deciding)
    assert found.community_id in {candidate.community_id for candidate in found.candidates}
    assert found.community_id not in found.conflict


@lawful
@given(TEXTS, TEXTS)
def test_matching_again_with_a_table_made_again_says_the_same(title, body):
    text = IssueText(title, body)
    assert match(text, TABLE, ANSWERS, HOST) == match(text, CommunityTable(COMMUNITIES), ANSWERS, HOST)


@lawful
@given(st.text(), st.text())
def test_no_text_is_too_odd(title, body):
    found = match(IssueText(title, body, (title,), body), TABLE, {}, HOST)
    assert (found.community_id is None) == (found.kind is Kind.NONE)
