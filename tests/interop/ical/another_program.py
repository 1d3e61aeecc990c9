"""Reads and writes calendars by libraries that we did not write: icalendar, dateutil, zoneinfo.

another_program.py read < FILE      one line for each thing that it says, with instants in UTC
another_program.py write METHOD     REPLY or COUNTER to one occurrence of a series, as another program would send it
"""

import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import icalendar
import pytz
from dateutil.rrule import rrulestr

BRUSSELS = ZoneInfo("Europe/Brussels")


def utc(moment):
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def listed(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def occurrences(series, others):
    """As RFC 5545 has it: the rule goes by the clock on the wall, in the zone of the beginning."""
    begins = series.decoded("dtstart")
    lasts = series.decoded("dtend") - begins
    wall = begins.astimezone(BRUSSELS).replace(tzinfo=None)
    rule = rrulestr(series["rrule"].to_ical().decode(), dtstart=wall)
    without = {one.dt.astimezone(timezone.utc) for each in listed(series.get("exdate")) for one in each.dts}
    moved = {one.decoded("recurrence-id").astimezone(timezone.utc): one for one in others}
    for local in rule:
        at = local.replace(tzinfo=BRUSSELS).astimezone(timezone.utc)
        if at in without:
            continue
        if at in moved:
            yield utc(moved[at].decoded("dtstart")), utc(moved[at].decoded("dtend"))
        else:
            yield utc(at), utc(at + lasts)


def read():
    calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
    print("method", calendar["method"])
    for zone in calendar.walk("VTIMEZONE"):
        # What the file itself says of its zone, on both sides of the change.
        said = zone.to_tz()
        for day in ((2027, 3, 27), (2027, 3, 29)):
            offset = said.localize(datetime(*day, 14, 0)).utcoffset()
            print("zone", zone["tzid"], "%04d-%02d-%02d" % day, int(offset.total_seconds()))
    events = calendar.walk("VEVENT")
    for event in events:
        print("event", event["uid"], event["sequence"], event.get("status", "-"), event["summary"])
        print("at", utc(event.decoded("dtstart")), utc(event.decoded("dtend")))
        if "recurrence-id" in event:
            print("instead-of", utc(event.decoded("recurrence-id")))
        print("organizer", event["organizer"])
        for one in listed(event.get("attendee")):
            print("attendee", one, one.params.get("cn", "-"))
    for series in (event for event in events if "rrule" in event):
        for begins, ends in occurrences(series, [one for one in events if "recurrence-id" in one]):
            print("occurs", begins, ends)


def write(method):
    zone = pytz.timezone("Europe/Brussels")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//another program//NL")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = icalendar.Event()
    event.add("uid", "00ff@schakel.invalid")
    event.add("sequence", 3)
    event.add("dtstamp", datetime(2027, 3, 20, 9, 0, tzinfo=timezone.utc))
    event.add("recurrence-id", zone.localize(datetime(2027, 3, 29, 14, 0)))
    begins = datetime(2027, 3, 29, 14, 0) if method == "REPLY" else datetime(2027, 3, 28, 10, 0)
    event.add("dtstart", zone.localize(begins))
    event.add("dtend", zone.localize(begins.replace(hour=begins.hour + 1)))
    event.add("summary", "Overleg")
    event.add("organizer", "mailto:de-wissel@schakel.invalid")
    who = icalendar.vCalAddress("mailto:nora@upc.example")
    who.params["cn"] = icalendar.vText("Nora, van UPC")
    who.params["partstat"] = icalendar.vText("DECLINED" if method == "REPLY" else "TENTATIVE")
    event.add("attendee", who, encode=0)
    event.add("comment", "liever zondag; of, als het moet, later: we zien wel hoe het loopt in de eerste week na de vakantie")
    calendar.add_component(event)
    sys.stdout.buffer.write(calendar.to_ical())


if sys.argv[1] == "read":
    read()
else:
    write(sys.argv[2])
