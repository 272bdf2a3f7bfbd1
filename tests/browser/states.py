"""Each page's states, and what a person sees in each. A new page without its four states here fails `test_states.py`.

- full: on the home with a finished run. - empty: on a home with nothing in it. - loading: what it asks for is slow.
- failed: the server is killed while one looks elsewhere, and the page is opened then.
"""

import re
from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "alert", "button", "definition", "heading", "img", "link", "status", "table", "textbox"
]


@dataclass(frozen=True)
class Sees:
    """An element by its role and name that is there in a state, and only then."""

    role: Role
    name: str
    path: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.name)


@dataclass(frozen=True)
class States:
    """`path` may contain {run}. `slow` are the requests that are held for `loading`; a text instead of a state says why it
    does not exist. `reach` are the names of links that lead there from the page `start`."""

    path: str
    full: Sees
    empty: Sees | str
    loading: Sees
    slow: str
    failed: Sees | str
    reach: tuple[str, ...] = ()
    start: str = "/settings"


NO_ANSWER = Sees("alert", "The server does not answer")
PAGES = {
    "/": States(
        path="/",
        full=Sees("heading", "has learned to write|All work is done"),
        empty=Sees("heading", "empty, and ready"),
        loading=Sees("status", "Loading"),
        slow=r"GET /api/(runs\?|live)",
        failed=NO_ANSWER,
        reach=("Home",),
    ),
    "/runs": States(
        path="/runs",
        full=Sees("table", ""),
        empty=Sees("button", "Train a first model"),
        loading=Sees("status", "Loading"),
        slow=r"GET /api/(runs\?|live)",
        failed=NO_ANSWER,
        reach=("Runs",),
    ),
    "/runs/$runId": States(
        path="/runs/{run}",
        full=Sees("img", "Training loss goes from .* at step 8"),
        empty=Sees("alert", "There is no run", path="/runs/r9zzzzzzzz"),
        loading=Sees("status", "Loading the run"),
        slow=r"GET /api/(runs/r|live)",
        failed=NO_ANSWER,
        reach=("tiny",),
        start="/runs",
    ),
    "/playground": States(
        path="/playground",
        full=Sees("textbox", "Prompt"),
        empty=Sees("link", "Start a run"),
        loading=Sees("status", "Loading the models"),
        slow=r"GET /api/models",
        failed=NO_ANSWER,
        reach=("Playground",),
    ),
    "/data": States(
        path="/data",
        full=Sees("table", ""),
        empty=Sees("heading", "A model becomes what it reads"),
        loading=Sees("status", "Loading"),
        slow=r"GET /api/datasets",
        failed=NO_ANSWER,
        reach=("Data",),
    ),
    "/data/new": States(
        path="/data/new?folder=nothing",
        full=Sees("alert", "There is no upload"),
        empty=Sees("alert", "There are no files here", path="/data/new"),
        loading=Sees("status", "Loading the files"),
        slow=r"GET /api/upload-folders",
        failed="Only dropped files lead there, and without a server they are refused on the page before.",
    ),
    "/data/$name": States(
        path="/data/words",
        full=Sees("heading", "Versions"),
        empty=Sees("alert", "Nothing here is called", path="/data/words"),
        loading=Sees("status", "Loading the dataset"),
        slow=r"GET /api/datasets/words",
        failed=NO_ANSWER,
        reach=("words",),
        start="/data",
    ),
    "/tokenizer": States(
        path="/tokenizer",
        full=Sees("img", "Tokens of this text against merges used"),
        empty=Sees("button", "Train a first one"),
        loading=Sees("status", "Loading the tokenizers"),
        slow=r"GET /api/tokenizers",
        failed=NO_ANSWER,
        reach=("Tokenizers",),
    ),
    "/models/design": States(
        path="/models/design",
        full=Sees("heading", "What that builds"),
        empty="It begins with a preset: there is always a model to look at.",
        loading=Sees("status", "Loading the designer"),
        slow=r"GET /api/architectures",
        failed=NO_ANSWER,
        reach=("Models",),
    ),
    "/settings": States(
        path="/settings",
        full=Sees("definition", "GFLOP/s"),
        empty=Sees("button", "Measure this machine"),
        loading=Sees("status", "Loading"),
        slow=r"GET /api/(storage|machine)",
        failed=NO_ANSWER,
        reach=("Settings",),
        start="/style",
    ),
    "/style": States(
        path="/style",
        full=Sees("heading", "Parts of the interface"),
        empty="It shows the parts themselves, no data.",
        loading=Sees("status", "Loading"),
        slow=r"GET /assets/style-page",
        failed=NO_ANSWER,
        reach=("Parts of the interface",),
    ),
    "/sign-in": States(
        path="/sign-in",
        full=Sees("heading", "has learned to write|All work is done"),
        empty=Sees("heading", "This workshop is private"),
        loading=Sees("status", "Signing in"),
        slow=r"POST /api/session",
        failed=Sees("alert", "link", path="/sign-in#used-up"),
    ),
}
