"""Bodies of issues: what people write every day, and everything that is hard to carry into Asana's rich text."""

from __future__ import annotations

LONGEST = 60_000
"""Characters of the longest body; GitHub takes 65,536."""

_EVERYDAY = """\
Agreed in the last call. Details are in the notes; nothing urgent, but it should be done in this iteration.
=====
### What

See the title.

### Why

People of the community were blocked twice last week.

### Done when

- [ ] tried by somebody outside the team
- [ ] written down in the docs
=====
1. Look at what is there
2. Propose two ways
3. Let them choose

**Not** part of this: new features.
=====
Follow-up from the retrospective. _Small_, but it saves everybody time.

```console
$ kubectl get pods -n prod
NAME                  READY   STATUS    RESTARTS   AGE
hub-6c9f7b8d4-x2x7p   1/1     Running   0          4d
```
=====
| step | who | state |
|:--|:-:|--:|
| preparation | us | done |
| call | both | planned |
| follow-up | us | *open* |
=====
> Could you have a look before Thursday?

Yes. I will need about an hour; preparation and follow-up included.
=====
See [the guide](https://docs.lantern.example/guide) first. If that does not help, pair for an hour.

---

Time counts per person: two people for one hour are two hours.
=====
Notes of the meeting:

* present: three of them, two of us
* decided: go ahead
  * start small
  * look again in four weeks
* open: who pays for storage?
=====
What we saw:

~~~text
WARNING  memory limit reached, restarting kernel
~~~

What we expected: ~~nothing~~ a message.
=====
"""

EVERYDAY = tuple(_EVERYDAY.split("=====\n"))
"""Short ones, as most are; the last one is empty."""

TABLES = """\
Prices of last month, by class of storage[^1].

| Class | Size | Price / month | Remark |
|:------|-----:|:-------------:|--------|
| `standard` | 4.2 TB | **$ 168** | the default |
| `archive` | 11 TB | $ 44 | slow \\| cheap |
| [premium](https://prices.lantern.example/?class=premium&region=eu) | 0.3 TB | $ 51 | <br> used by two people |
| | | **$ 263** | |

- [x] ask for the numbers
- [ ] propose limits
  - [x] per person
  - [ ] per project
- [ ] decide with them

[^1]: Without traffic, which is free inside the region.
"""

MERMAID = """\
## What happened

```mermaid
sequenceDiagram
    participant P as Person
    participant H as Hub
    P->>H: start server
    H-->>P: 504 after 60 s
    Note over H: image pull takes 7 min <br/> & the limit is 5
```

## Timeline (UTC)

1. 07:42 first report
2. 07:50 reproduced:
   ```python
   if servers["pending"] > 40 and node.free < 0.1:
       raise SpawnTimeout("<no capacity>")  # "quoted" & 'quoted'
   ```
3. 08:30 limit raised

````markdown
A fence with a fence inside:
```
text
```
````
"""

RAW_HTML = """\
<h3 align="center">Welcome page</h3>

<p>Press <kbd>Shift</kbd> + <kbd>Enter</kbd>; water is H<sub>2</sub>O, area is m<sup>2</sup>.</p>

<table><tr><th>Hub</th><th>Open</th></tr><tr><td colspan="2">all <b>day</b></td></tr></table>

<img src="https://files.lantern.example/logo.png" width="120" alt="our logo"> <a href="javascript:alert(1)">never</a>

<script>alert("no")</script>
<style>p { color: red }</style>
<!-- For the team only: please choose a colour before Friday. -->

An unclosed <em>tag, an entity &copy; &#x1F600; &notanentity; and 3 < 4 & 5 > 2.
"""

DETAILS = """\
The server does not start any more.

<details open>
<summary>Log of the <b>last</b> try</summary>

```text
[E 07:11:52] Unhandled error starting user's server: 403
[W 07:11:52] <Response [403]> retry & give up
```

<details><summary>Environment</summary>

- Python 3.12
- Chromium 128

</details>
</details>

<!--
Thanks for the report! Please leave the lines below as they are.
version: 3
-->
"""

IMAGES = """\
The map is empty in the new image:

![Screenshot of an empty map](https://user-images.lantern.example/4711/map.png "before")
[![Build](https://ci.lantern.example/badge.svg)](https://ci.lantern.example/builds/1942)

![](https://user-images.lantern.example/4711/nameless.png)

<picture><source media="(prefers-color-scheme: dark)" srcset="https://files.lantern.example/dark.png">
<img alt="Diagram" src="https://files.lantern.example/light.png"></picture>

Reference style: ![map][shot]

[shot]: https://user-images.lantern.example/4711/after.png
"""

MENTIONS = """\
Talked with @kenji-watanabe and @lantern/infrastructure-team; cc @fdiallo-dakar.

Related: #3, lantern/hub-images#2, https://github.com/lantern/docs/issues/1 and commit 3f9c2a1.
Write to help@lantern.example, or see <https://status.lantern.example/> and www.lantern.example/hubs?x=1&y=2.

Not mentions: `@code`, name@host.example, \\@escaped.
"""

FOOTNOTES = """\
The quota is counted per person[^people], not per server[^servers], as the agreement says[^note-2].

[^people]: Guests count as people.
[^servers]: A person may have several.
[^note-2]: First paragraph.

    Second paragraph with `code`.
"""

ALERTS = """\
> [!NOTE]
> Home directories are kept for 90 days after the course.

> [!WARNING]
> Data in `/tmp` is **not**.
>
> > Quoted inside, with a list:
> > 1. save
> > 2. log out

> [!TIP]
> Ask for an extension in time.
"""

EMOJI = """\
🎉 The course is over: 42 people from 🇧🇴 🇰🇪 🇻🇳 took part, 👩🏽‍🚀 and 👨‍👩‍👧‍👦 included :tada:

| mood | people |
|---|---|
| 😀 | 31 |
| 🤷🏾‍♀️ | 9 |
| 🥶 | 2 |
"""

RIGHT_TO_LEFT = """\
اجتماع مع فريق الخرائط حول الخريطة الجديدة.

- الموعد: 10 سبتمبر، الساعة 09:00 (UTC+3)
- الرابط: https://maps.lantern.example/خرائط?lang=ar&zoom=3
- المدة: **ساعتان** (2 h) — `kernel` يعمل الآن

תודה! העברית כאן כדי לבדוק שני כיוונים: \u202dLTR\u202c בתוך RTL.
"""

NESTED = """\
1. one
   - two
     1. three
        - four
          > quoted in a list
          >
          > ```sh
          > echo "deep"
          > ```

           - [ ] a task below
2. **bold _both `code` ~~gone~~_** and ***all***

Setext
======

Term\\
with a hard break\u0020\u0020
and another one

***

    indented code <b>is code</b>

Auto&shy;mat&nbsp;ic entities &lt;kept&gt; · zero\u200bwidth · tab\there
"""

LOOKS_LIKE_CODE = """\
=HYPERLINK("https://bad.example"; "click")

{{ template }} ${SHELL} %n %s </body> ]]> @SUM(1+1) <!-- open
"""


def long_log() -> str:
    """Return a report with a log of 60,000 characters, as people paste them."""
    head = "The nightly job fails since Monday. Complete log:\n\n```text\n"
    tail = "\n```\n\nI can send the rest.\n"
    lines = (
        f"2026-09-{1 + place % 14:02d}T02:{place % 60:02d}:07Z WARN  worker-{place % 7} <chunk {place:05d}> "
        f'retry & wait, "checksum" differs: {place * 2654435761 % 2**32:08x}\n'
        for place in range(LONGEST)
    )
    log = ""
    for line in lines:
        if len(head) + len(log) + len(line) + len(tail) > LONGEST:
            break
        log += line
    return head + log.ljust(LONGEST - len(head) - len(tail), ".") + tail


def form(community: str, contact: str, wish: str) -> str:
    """Return a body as the request form makes it."""
    return f"### Community name\n\n{community}\n\n### Contact\n\n{contact}\n\n### What do you need?\n\n{wish}\n"


def ticket(url: str, wish: str) -> str:
    """Return a body that came from the help desk."""
    return f"### The Freshdesk ticket link\n\n{url}\n\n### Question\n\n{wish}\n"
