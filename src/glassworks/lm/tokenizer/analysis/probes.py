"""Short texts of six kinds, on which tokenizers are compared: the same in every installation.

Out: kind -> texts. Shakespeare's lines are from his plays and sonnets; the others were written for this file. Six texts a kind
are enough for an interval and too few for a claim about a language: they show where a tokenizer is at home.
"""

PROBES: dict[str, tuple[str, ...]] = {
    "Shakespeare": (
        "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate.",
        "Now is the winter of our discontent\nMade glorious summer by this sun of York.",
        "The quality of mercy is not strain'd,\nIt droppeth as the gentle rain from heaven.",
        "ROMEO.\nBut soft! what light through yonder window breaks?",
        "Tomorrow, and tomorrow, and tomorrow,\nCreeps in this petty pace from day to day.",
        "If it be now, 'tis not to come; if it be not to come, it will be now.",
    ),
    "English, today": (
        "The train to the airport leaves every twenty minutes from platform four.",
        "Please update the app before Friday, because the old version will stop working.",
        "Researchers measured how quickly the glacier lost ice over the last decade.",
        "My neighbor lent me her bicycle while mine was being repaired downtown.",
        "The meeting was moved online after the heating failed in the main building.",
        "You can return the package within thirty days if the label is still attached.",
    ),
    "German": (
        "Die Glasbläserin wärmt das Rohr, bevor sie das flüssige Glas aufnimmt.",
        "Morgen früh fahren wir über die Brücke und dann weiter am Fluss entlang.",
        "Größere Öfen brauchen länger, bis sie gleichmäßig heiß geworden sind.",
        "Könnten Sie mir bitte sagen, wann die nächste Straßenbahn kommt?",
        "Im Winter gefriert der See, und die Kinder laufen nachmittags Schlittschuh.",
        "Das Wörterbuch der Tochter liegt noch auf dem Küchentisch.",
    ),
    "Japanese": (
        "ガラスを溶かすには、とても高い温度が必要です。",
        "明日の朝、駅の前で待ち合わせをしましょう。",
        "この本は図書館で借りて、来週返します。",
        "雨が降りそうなので、傘を持って行きます。",
        "新しい電車は静かで、窓がとても大きいです。",
        "夕方になると、海の色が少しずつ変わっていく。",
    ),
    "Python": (
        "def area(width, height):\n    return width * height\n",
        "for index, name in enumerate(names):\n    print(index, name)\n",
        "import json\n\nwith open(path) as file:\n    data = json.load(file)\n",
        "class Queue:\n    def __init__(self):\n        self.items = []\n",
        "if not rows:\n    raise ValueError('the table is empty')\n",
        "total = sum(price * count for price, count in basket.items())\n",
    ),
    "Numbers": (
        "1,024 2,048 4,096 8,192 16,384",
        "3.14159265 2.71828183 1.61803399",
        "2026-03-01 12:45:30, 2026-11-25 08:05:59",
        "192.168.0.17 10.0.0.255 127.0.0.1",
        "7 13 29 101 5003 99991",
        "12 + 30 = 42; 42 * 17 = 714; 714 / 6 = 119",
    ),
}
