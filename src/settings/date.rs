//! A day of the calendar, as people write it: `2026-12-24`.

use std::fmt;

use schemars::{Schema, SchemaGenerator, json_schema};

use crate::yaml::{Decode, Decoder, Node};

/// A day of the Gregorian calendar, of the years 0 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

/// Days of a cycle of 400 years, after which the calendar repeats.
const CYCLE: i64 = 146_097;
/// Days from 0000-03-01 to 1970-01-01. Counted from a 1st of March, the leap day is the last day of its year.
const MARCH_TO_EPOCH: i64 = 719_468;
/// Seconds of a day.
const DAY: u64 = 86_400;

impl Date {
    /// The day with these numbers; `None` when the calendar has none such.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let there = (0..=9999).contains(&year) && (1..=days_in(year, month)).contains(&day);
        there.then_some(Self { year, month, day })
    }

    /// The day, in UTC, that is `seconds` after the beginning of 1970.
    pub fn from_unix(seconds: u64) -> Self {
        // The last day that four digits can write.
        const LAST: i64 = 2_932_896;
        Self::from_number(i64::try_from(seconds / DAY).map_or(LAST, |days| days.min(LAST)))
    }

    /// How many days `self` is behind `other`; negative when it is before it.
    pub fn days_since(self, other: Self) -> i64 {
        self.number() - other.number()
    }

    /// Days since 1970-01-01, by the arithmetic of <https://howardhinnant.github.io/date_algorithms.html>.
    fn number(self) -> i64 {
        let (year, month, day) = (i64::from(self.year), i64::from(self.month), i64::from(self.day));
        let year = if month <= 2 { year - 1 } else { year };
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let (cycle, year) = (year.div_euclid(400), year.rem_euclid(400));
        cycle * CYCLE + year * 365 + year / 4 - year / 100 + day_of_year - MARCH_TO_EPOCH
    }

    /// The inverse of [`Date::number`].
    fn from_number(number: i64) -> Self {
        let (cycle, day) =
            ((number + MARCH_TO_EPOCH).div_euclid(CYCLE), (number + MARCH_TO_EPOCH).rem_euclid(CYCLE));
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day_of_year = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = cycle * 400 + year + i64::from(month <= 2);
        Self { year: year as i32, month: month as u8, day: day as u8 }
    }
}

fn days_in(year: i32, month: u8) -> u8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl std::str::FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let shape = || "write year, month and day like 2026-12-24".to_owned();
        let mut parts = text.split('-');
        let mut number = |digits: usize| -> Result<u16, String> {
            let part = parts.next().ok_or_else(shape)?;
            let good = part.len() == digits && part.bytes().all(|octet| octet.is_ascii_digit());
            if good { part.parse().map_err(|_| shape()) } else { Err(shape()) }
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        match parts.next() {
            None => Self::new(i32::from(year), month as u8, day as u8)
                .ok_or_else(|| "the calendar has no such day".to_owned()),
            Some(_) => Err(shape()),
        }
    }
}

impl Decode for Date {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.parsed(node, "a date", str::parse)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_the_calendar_has_them() {
        for good in ["1970-01-01", "2000-02-29", "2024-02-29", "2026-12-31", "0000-01-01", "9999-12-31"] {
            assert_eq!(good.parse::<Date>().map(|date| date.to_string()), Ok(good.to_owned()));
        }
        for (bad, why) in [
            ("2026-02-29", "no such day"),
            ("1900-02-29", "no such day"),
            ("2026-13-01", "no such day"),
            ("2026-00-10", "no such day"),
            ("2026-04-31", "no such day"),
            ("2026-4-30", "like 2026-12-24"),
            ("24.12.2026", "like 2026-12-24"),
            ("2026-12-24T00:00", "like 2026-12-24"),
            ("2026-12", "like 2026-12-24"),
            ("2026-12-24-1", "like 2026-12-24"),
            ("२०२६-12-24", "like 2026-12-24"),
            ("+026-12-24", "like 2026-12-24"),
        ] {
            assert!(bad.parse::<Date>().is_err_and(|error| error.contains(why)), "{bad}");
        }
    }

    #[test]
    fn every_day_of_two_cycles_has_its_number() {
        let mut date = Date::new(1599, 12, 31).unwrap();
        let first = date.number();
        for number in 1..2 * CYCLE {
            // The next day, by hand.
            date = Date::new(date.year, date.month, date.day + 1)
                .or_else(|| Date::new(date.year, date.month + 1, 1))
                .or_else(|| Date::new(date.year + 1, 1, 1))
                .unwrap();
            assert_eq!((date.number(), Date::from_number(first + number)), (first + number, date));
        }
    }

    #[test]
    fn seconds_are_days_since_1970() {
        for (seconds, date) in [
            (0, "1970-01-01"),
            (DAY - 1, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_766_534_400, "2025-12-24"),
            (u64::MAX, "9999-12-31"),
        ] {
            assert_eq!(Date::from_unix(seconds).to_string(), date);
        }
        let (earlier, later) = ("2024-02-28".parse::<Date>().unwrap(), "2024-03-01".parse::<Date>().unwrap());
        assert_eq!((later.days_since(earlier), earlier.days_since(later)), (2, -2));
    }
}
