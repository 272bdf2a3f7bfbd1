"""Little words of each language (articles, pronouns, prepositions, forms of "to be"): every third or so word of a running text.

Written down for this program. A word may stand in several languages; it then counts less in each.
"""

WORDS: dict[str, str] = {
    "bg": "на и да се в е за от не са с като по че ще до това но при си или след които със може още която който беше има няма всички тази тези този те тя той ние вие му им така само трябва бъде бъдат както където към върху",
    "cs": "a se v na je že s z do o i k jako pro ale by jsou to si po od nebo není který která které jeho tak jen už byl bylo být podle také při před jsem může musí",
    "da": "og i at er det en til af på med for de den ikke der som har et fra vil kan om var men eller du han hun sig blev også efter være hvad når skal bliver disse deres jeg hvis ingen noget nu op ud mellem mere kunne ville skulle havde mange anden andre uden igen dig mig nogle hvor hvordan meget selv sådan end hver",
    "de": "und der die das in den von zu mit ist sich des auf für nicht ein eine dem im als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis kann wenn durch",
    "en": "the of and to in is that it was for on as with be at by this are from or an have not which were but had his has they their you been one we all can if there when will would what who more so no her she he do its into than them then",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está puede debe uno unos estas estos ese esa eso cada otro otra donde quien tiene han hay así hacia sino según",
    "fi": "ja on ei se että oli hän ovat myös mutta kun tai joka niin kuin ole sen mukaan jos voi mitä siitä sitä tämä vain hänen olla olisi jotka sekä joita vuoden kanssa jälkeen kaikki enää näin nyt eivät sillä tämän tätä siihen niitä niiden voidaan onko ettei ennen aina varten ilman toinen",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec on aux d'un cette ses mais comme ou si leur y dont elle son nous été même être ces sans fait peut tout à lui vous je",
    "hu": "a az és hogy nem is egy van ez meg csak már de volt azt mint ha még kell el vagy lehet ki be fel minden nincs pedig lesz aki mert ezt majd nagyon után amely között szerint által ezek olyan sem itt ott ne",
    "id": "yang dan di dari untuk dengan ini pada tidak adalah dalam akan itu ke oleh atau juga telah sebagai ada bisa karena dapat tersebut mereka kami saya anda sudah lebih harus jika belum hanya para kepada seperti",
    "it": "di e il la che in un a per è una sono con non del si le da i al come più della dei nel anche alla lo ma se delle gli suo ha questo o su dal ed essere stato nella sua loro ai degli quando tra perché già può così dopo",
    "nl": "de van het een en in is dat op te zijn met voor niet aan er die om als bij door ook maar naar uit dan wordt nog over heeft hij kan of worden deze tot meer werd geen was haar dit ze had hebben wel zo moet al hun jaar u je",
    "no": "og i er det en til av på med for de den ikke som har et fra vil kan om var men eller du han hun seg ble også etter være hva når skal blir disse deres jeg hvis ingen noe ut bare mot å nå opp mellom mer kunne ville skulle hadde mange annen andre uten igjen deg meg noen hvor hvordan mye selv slik enn hver nei dere",
    "pl": "i w na z się nie do jest że to o jak za od po a ale co dla jego przez tak czy są oraz być już był przy także może można który która które jako tego tym tylko lub gdy będzie było ze jednak bez pod nad",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem nas esse são foi tem está ser pode estão há deve cada outro outra onde têm assim segundo você isto este esta estes estas",
    "ro": "de și în a la cu nu o pe că este un din să care pentru mai se sunt ca au fost sau dar prin lui după fi între acest către cel cea cele când avea aceasta fără ale al fie despre poate numai toate",
    "ru": "и в не на что с по как это он а к из но у за от так же было для его то только все или быть бы если мы вы при был она они еще уже до когда более также может есть чтобы который которые можно нет этот эта эти этого где тоже будет были без под над через нужно",
    "sr": "и у је да на се за од са не су као из што који која које али или био бити по до ће њихов овај овог када због само може након поред више сам није",
    "sv": "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när eller nu under efter också vid där skulle får hade blir blev sin över mycket alla andra vara detta dessa deras ska utan",
    "tr": "ve bir bu için ile de da olarak çok daha olan gibi en ne kadar sonra var ama her veya değil ise o ki mi olduğu tarafından ya şey kendi şu hem ancak göre biz ben sen onun iki yok diye bunu üzere olduğunu",
    "uk": "і в не на що з та до як за у від це для він але про так його по є або були було бути ще при вже й які який яка тільки може якщо через під також коли після можна вони її немає",
    "vi": "và của là có trong được cho không một với các những này người đã khi để từ cũng như đến về ra vào trên còn nhưng thì nếu bị phải theo tại hay đó tôi bạn rất nhiều",
    "ar": "في من على إلى أن عن هذا التي هذه الذي كان مع لا ما أو قد كل بين بعد ذلك لم كما هو هي و ثم عند غير إذا حتى قبل كانت لكن منذ أي هناك إن",
    "fa": "در و به از که این را با است برای آن یک خود تا بر هم نیز شده شود می کرد های ها اما یا اگر باید دارد شد بود هر نمی او ما شما دیگر پس",
}
"""By language (ISO 639-1): those that share a script with others."""

LETTERS: dict[str, str] = {
    "bg": "ъ",
    "cs": "ěřůďťň",
    "da": "æø",
    "de": "ßäöü",
    "es": "ñ¿¡",
    "fi": "äö",
    "fr": "çœêèâîû",
    "hu": "őű",
    "no": "æø",
    "pl": "łąężśćńź",
    "pt": "ãõ",
    "ro": "ățșşţ",
    "ru": "ыэё",
    "sr": "јљњћђџ",
    "sv": "åäö",
    "tr": "ğışİ",
    "uk": "іїєґ",
    "vi": "ơưđạảấầẩậắằặẹẻẽếềểệỉịọỏốồổộớờởợụủứừửựỳỵỷỹ",
    "fa": "پچژگک‌ی",
}
"""Letters that tell a language from its neighbours; a word with one speaks for all languages that have it."""

SCRIPTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "latin": ("A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ", ("cs", "da", "de", "en", "es", "fi", "fr", "hu", "id", "it", "nl", "no", "pl", "pt", "ro", "sv", "tr", "vi")),
    "cyrillic": ("Ѐ-ӿ", ("bg", "ru", "sr", "uk")),
    "arabic": ("ؠ-ۿ", ("ar", "fa")),
    "greek": ("Ͱ-Ͽἀ-῿", ("el",)),
    "hebrew": ("א-ת", ("he",)),
    "devanagari": ("ऀ-ॿ", ("hi",)),
    "thai": ("ก-๛", ("th",)),
    "hangul": ("가-힣ᄀ-ᇿ", ("ko",)),
    "kana": ("ぁ-ヿ", ("ja",)),
    "han": ("一-鿿㐀-䶿", ("zh",)),
}  # fmt: skip
"""Ranges of letters, and the languages that are told apart in each."""
