"""The communities of the demo: invented, with the traps that real names have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["Technical", "Administrative", "Billing"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody of a community."""

    name: str
    role: Role
    position: str
    github: str = ""


@dataclass(frozen=True, slots=True)
class Community:
    """Who benefits. *code* is how people call it in a hurry; *desk* says whether it writes to the help desk."""

    code: str
    name: str
    aliases: tuple[str, ...]
    country: str
    contacts: tuple[Contact, ...]
    desk: bool = False

    @property
    def domain(self) -> str:
        """Return where its people have their addresses."""
        letters = "".join(char for char in self.code.lower() if char.isascii() and char.isalnum())
        return f"{letters}.example"


def _technical(name: str, position: str = "Data engineer", github: str = "") -> Contact:
    return Contact(name, "Technical", position, github)


def _administrative(name: str, position: str = "Programme manager") -> Contact:
    return Contact(name, "Administrative", position)


def _billing(name: str) -> Contact:
    return Contact(name, "Billing", "Grants office")


COMMUNITIES = (
    Community(
        "AGN",
        "Andean Glacier Network",
        ("AGN", "Red Glaciar"),
        "Peru",
        (_technical("Wayra Huamán", "Glaciologist"), _administrative("Inés Calderón"), _billing("Rosa Chávez")),
        desk=True,
    ),
    Community(
        "BSO",
        "Baltic Sea Observatory",
        ("BSO", "Baltic Observatory"),
        "Estonia",
        (_technical("Kadri Tamm"), _technical("Juhani Lehtonen", "Oceanographer"), _administrative("Līga Ozoliņa")),
        desk=True,
    ),
    Community(
        "BSOSS",
        "Baltic Sea Observatory Summer School",
        ("BSO Summer School", "BSOSS"),
        "Latvia",
        (_technical("Rasa Petrauskaitė", "Lecturer"),),
    ),
    Community(
        "UMarés",
        "Universidade das Marés",
        ("UMarés", "University of Tides"),
        "Portugal",
        (_technical("João Falcão", "Research computing"), _administrative("Beatriz Antunes"), _billing("Rui Prata")),
        desk=True,
    ),
    Community(
        "Ñandú",
        "Instituto Ñandú de Ecología",
        ("Instituto Ñandú", "INEco"),
        "Argentina",
        (_technical("Lautaro Benítez", "Ecologist"), _administrative("Graciela Sosa")),
    ),
    Community(
        "ODA",
        "Okavango Data Alliance",
        ("ODA", "OkavangoData"),
        "Botswana",
        (
            _technical("Kagiso Molefe", "Hydrologist"),
            _technical("Ndapewa Shikongo"),
            _administrative("Tebogo Sithole"),
            _billing("Boitumelo Kgosi"),
        ),
        desk=True,
    ),
    Community(
        "KGF",
        "Kilimanjaro Genomics Forum",
        ("KGF", "KiliGen"),
        "Tanzania",
        (_technical("Neema Mushi", "Bioinformatician"), _administrative("Elias Kimaro")),
        desk=True,
    ),
    Community(
        "HSL",
        "Hokkaidō Snow Lab",
        ("HSL", "Snow Lab"),
        "Japan",
        (_technical("Sato Hikari", "Snow physicist"), _administrative("Ōe Minami")),
    ),
    Community(
        "MRM",
        "Mekong Rice Models",
        ("MRM", "MekongRice"),
        "Vietnam",
        (_technical("Trần Thị Lan Anh", "Agronomist"), _administrative("Somsak Phommasane")),
        desk=True,
    ),
    Community(
        "NBHS",
        "Nile Basin Hydrology School",
        ("NBHS", "Nile School"),
        "Uganda",
        (_technical("Mahmoud El-Tayeb", "Lecturer"), _administrative("Achieng Nakato")),
    ),
    Community(
        "ÅOL",
        "Ålesund Ocean Lab",
        ("ÅOL", "Havlaben"),
        "Norway",
        (_technical("Ingrid Ødegård", "Marine biologist"), _administrative("Bjørn Sæther"), _billing("Åse Lunde")),
        desk=True,
    ),
    Community(
        "CSD",
        "Café Scientifique Dakar",
        ("CSD", "Café Sci Dakar"),
        "Senegal",
        (_technical("Fatoumata Diallo", "Organiser", "fdiallo-dakar"), _administrative("Mamadou Ndiaye")),
    ),
    Community(
        "AotearoaSoils",
        "Aotearoa Soils",
        ("AotearoaSoils", "Te Oneone"),
        "New Zealand",
        (_technical("Hina Tamahori", "Soil scientist", "hina-tamahori"), _administrative("Wiremu Paki")),
        desk=True,
    ),
    Community(
        "TamilCorpus",
        "Tamil Corpus",
        ("TamilCorpus", "தமிழ் கார்பஸ்"),
        "India",
        (_technical("Kavitha Selvaraj", "Computational linguist"), _administrative("Arun Pillai")),
    ),
    Community(
        "QSA",
        "Quechua Speech Archive",
        ("QSA", "Rimay"),
        "Bolivia",
        (_technical("Killa Mamani", "Archivist", "rimay-killa"), _administrative("Edgar Condori")),
    ),
    Community(
        "SWW",
        "Sahel Weather Watch",
        ("SWW", "SahelWeather"),
        "Niger",
        (_technical("Aïssata Maïga", "Meteorologist"), _administrative("Boubacar Souley")),
        desk=True,
    ),
    Community(
        "LHM",
        "Levant Heritage Mapping",
        ("LHM", "خرائط تراث المشرق"),
        "Lebanon",
        (_technical("Rania Khoury", "Archaeologist"), _administrative("Michel Nassar")),
    ),
    Community(
        "GLPheno",
        "Great Lakes Phenology",
        ("GLPheno", "GLP Network"),
        "Canada",
        (_technical("Naomi Wabanosse", "Botanist"), _administrative("Marc-André Gagnon"), _billing("Dana Miller")),
        desk=True,
    ),
    Community(
        "CFC",
        "Carpathian Forest Census",
        ("CFC", "Pădurea"),
        "Romania",
        (_technical("Ștefan Munteanu", "Forest ecologist"), _administrative("Oksana Hrytsenko")),
    ),
    Community(
        "SVMS",
        "São Vicente Marine Station",
        ("SVMS", "Sao Vicente Station"),
        "Cabo Verde",
        (_technical("Anselmo Évora", "Station lead", "anselmo-cv"), _administrative("Dulce Lima")),
        desk=True,
    ),
    Community(
        "BengalTides",
        "Bengal Tides School",
        ("BengalTides", "BTSchool"),
        "Bangladesh",
        (_technical("Farhana Akter", "Lecturer"), _administrative("Subrata Ghosh")),
    ),
    Community(
        "PacDrift",
        "Pacific Drifters",
        ("PacDrift", "Moana Drifters"),
        "Fiji",
        (_technical("Sereana Tuilagi", "Oceanographer"), _administrative("Tomasi Vakatawa")),
        desk=True,
    ),
    Community(
        "Prism",
        "Prism",
        ("Prism Optics",),
        "Czechia",
        (_technical("Věra Dvořáková", "Physicist"),),
    ),
    Community(
        "Py@School",
        "Py@School",
        ("PyAtSchool", "Py at School"),
        "Kenya",
        (_technical("Wanjiru Kamau", "Teacher"), _administrative("Otieno Odhiambo")),
    ),
    Community(
        "IMM",
        "Institute for Maths & Music",
        ("IMM", "I.M.M."),
        "Germany",
        (_technical("Defne Yılmaz", "Musicologist"), _technical("Jürgen Groß"), _administrative("Chioma Eze")),
        desk=True,
    ),
)


def community(code: str) -> Community:
    """Return the community of this code."""
    return next(one for one in COMMUNITIES if one.code == code)
