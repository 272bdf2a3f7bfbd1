"""Numbers as people read them."""

import pytest

from glassworks.cli import numbers


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (numbers.count(0), "0"),
        (numbers.count(3812), "3,812"),
        (numbers.count(9_999), "9,999"),
        (numbers.count(352_000), "352 k"),
        (numbers.count(29_500_000), "29.5 M"),
        (numbers.count(1_570_000_000), "1.57 B"),
        (numbers.count(999_999), "1.00 M"),
        (numbers.exact(12345), "12,345"),
        (numbers.size(17), "17 bytes"),
        (numbers.size(412_000_000), "412 MB"),
        (numbers.size(14_200_000_000), "14.2 GB"),
        (numbers.loss(1.6034), "1.603"),
        (numbers.loss(float("nan")), "nan"),
        (numbers.loss_between(1.5534, (1.49, 1.61)), "1.55 ± 0.06"),
        (numbers.loss_between(1.5534, (1.55, 1.559)), "1.553 ± 0.006"),
        (numbers.loss_between(1.6034, None), "1.603"),
        (numbers.share(0.506), "50.6 %"),
        (numbers.rate(31_600, "tok"), "31.6 k tok/s"),
        (numbers.flops(40.6e12), "40.6 TFLOP"),
        (numbers.flops(8.0487e18), "8.05 EFLOP"),
        (numbers.duration(0.21), "0.2 s"),
        (numbers.duration(54.2), "54 s"),
        (numbers.duration(84), "84 s"),
        (numbers.duration(119.6), "2:00 min"),
        (numbers.duration(27 * 60), "27 min"),
        (numbers.duration(74 * 60), "74 min"),
        (numbers.duration(134 * 60), "2:14 h"),
        (numbers.duration(72 * 3600), "3 d"),
        (numbers.plural(1, "document"), "1 document"),
        (numbers.plural(38, "document"), "38 documents"),
    ],
)
def test_numbers(shown: str, expected: str) -> None:
    assert shown == expected
