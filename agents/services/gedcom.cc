#include "agents/gedcom.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "agents/partial_day.h"
#include "network_fields.h"
#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                      "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::string_view kYoungPersonTag = "_YOUNG";
constexpr std::string_view kGenderTag = "_GENDER";
constexpr std::string_view kBeganTag = "_BEGAN";
constexpr std::string_view kEndedTag = "_ENDED";

// ---- Out ----

std::string GedcomDate(const std::string& day) {
  const auto partial = ParsePartialDay(day);
  if (!partial) return {};
  std::string text = fmt::format("{}", static_cast<int>(partial->year));
  if (partial->month) text = fmt::format("{} {}", kMonths.at(static_cast<unsigned>(*partial->month) - 1), text);
  if (partial->day) text = fmt::format("{} {}", static_cast<unsigned>(*partial->day), text);
  return text;
}

// One line of text: what would break the line, or mean a surname, does not stand in it.
std::string GedcomText(const std::string& text, GedcomVersion version) {
  std::string safe;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      safe += ' ';
    } else if (c == '/') {
      safe += '-';
    } else {
      safe += c;
      if (c == '@' && (version == GedcomVersion::k551 || safe.size() == 1)) safe += '@';
    }
  }
  return safe;
}

struct Family {
  std::vector<std::size_t> parents;  // One or two.
  const GedcomTie* partners = nullptr;
  std::vector<std::pair<std::size_t, const GedcomTie*>> children;
};

// One family for each partnership; a child hangs on that of its parents, or on one without a partnership.
std::vector<Family> FamiliesOf(const GedcomFamily& family) {
  std::vector<Family> families;
  for (const GedcomTie& tie : family.ties) {
    if (tie.relation == Relation::kPartners) families.push_back({{tie.a, tie.b}, &tie, {}});
  }
  // What one link from a child to a family can say at once.
  using Link = std::tuple<std::size_t, KinshipHow, std::string, std::string>;
  std::map<Link, std::vector<const GedcomTie*>> links;
  std::vector<Link> order;
  for (const GedcomTie& tie : family.ties) {
    if (tie.relation != Relation::kParent) continue;
    const Link link{tie.b, tie.how, tie.began, tie.ended};
    if (!links.contains(link)) order.push_back(link);
    links[link].push_back(&tie);
  }
  for (const Link& link : order) {
    const auto& ties = links.at(link);
    for (std::size_t i = 0; i < ties.size(); i += 2) {
      std::vector<std::size_t> parents = {ties[i]->a};
      if (i + 1 < ties.size()) parents.push_back(ties[i + 1]->a);
      auto found = std::ranges::find_if(
          families, [&](const Family& one) { return std::ranges::is_permutation(one.parents, parents); });
      if (found == families.end()) {
        families.push_back({parents, nullptr, {}});
        found = families.end() - 1;
      }
      found->children.emplace_back(ties[i]->b, ties[i]);
    }
  }
  return families;
}

class GedcomWriter {
 public:
  GedcomWriter(const GedcomFamily& family, GedcomVersion version)
      : family_(family), version_(version), families_(FamiliesOf(family)) {}

  std::string Write() {
    Head();
    for (std::size_t i = 0; i < family_.people.size(); ++i) Person(i);
    for (std::size_t i = 0; i < families_.size(); ++i) WriteFamily(i);
    Line(0, "TRLR");
    return std::move(text_);
  }

 private:
  void Line(int level, std::string_view tag, std::string_view value = {}) {
    text_ += fmt::format("{} {}{}{}\n", level, tag, value.empty() ? "" : " ", value);
  }
  void Date(const std::string& day) {
    if (const std::string date = GedcomDate(day); !date.empty()) Line(2, "DATE", date);
  }
  static std::string Who(std::size_t i) { return fmt::format("@I{}@", i + 1); }
  static std::string Which(std::size_t i) { return fmt::format("@F{}@", i + 1); }

  void Head() {
    Line(0, "HEAD");
    Line(1, "GEDC");
    Line(2, "VERS", version_ == GedcomVersion::k551 ? "5.5.1" : "7.0");
    if (version_ == GedcomVersion::k551) {
      Line(2, "FORM", "LINEAGE-LINKED");
      Line(1, "CHAR", "UTF-8");
    }
    Line(1, "SOUR", "SCHAKEL");
    Line(1, "SUBM", "@U1@");
    Line(0, "@U1@ SUBM");
    Line(1, "NAME", "Schakel");
  }
  void Person(std::size_t i) {
    const GedcomPerson& person = family_.people[i];
    Line(0, Who(i) + " INDI");
    Line(1, "NAME", GedcomText(person.name, version_));
    const char* sex = person.gender == Gender::kWoman ? "F" : person.gender == Gender::kMan ? "M" : "U";
    Line(1, "SEX", sex);
    if (person.gender == Gender::kOther) Line(1, kGenderTag, "X");
    if (!person.born.empty()) {
      Line(1, "BIRT");
      Date(person.born);
    }
    if (person.deceased) {
      Line(1, "DEAT", person.died.empty() ? "Y" : "");
      Date(person.died);
    }
    for (std::size_t f = 0; f < families_.size(); ++f) {
      for (const auto& [child, tie] : families_[f].children) {
        if (child == i) Child(f, *tie);
      }
    }
    for (std::size_t f = 0; f < families_.size(); ++f) {
      if (std::ranges::find(families_[f].parents, i) != families_[f].parents.end()) Line(1, "FAMS", Which(f));
    }
    if (i == family_.young_person) Line(1, kYoungPersonTag, "Y");
  }
  void Child(std::size_t f, const GedcomTie& tie) {
    Line(1, "FAMC", Which(f));
    const bool old = version_ == GedcomVersion::k551;
    switch (tie.how) {
      case KinshipHow::kAdoptive:
        Line(2, "PEDI", old ? "adopted" : "ADOPTED");
        break;
      case KinshipHow::kFoster:
        Line(2, "PEDI", old ? "foster" : "FOSTER");
        break;
      case KinshipHow::kStep:
        Line(2, "PEDI", old ? "step" : "OTHER");
        if (!old) Line(3, "PHRASE", "step");
        break;
      default:
        Line(2, "PEDI", old ? "birth" : "BIRTH");
    }
    if (!tie.began.empty()) Line(2, kBeganTag, GedcomDate(tie.began));
    if (!tie.ended.empty()) Line(2, kEndedTag, GedcomDate(tie.ended));
  }
  void WriteFamily(std::size_t f) {
    const Family& family = families_[f];
    Line(0, Which(f) + " FAM");
    std::vector<std::size_t> parents = family.parents;
    // Two of one gender stand as they come; the format has no other place for them.
    const auto gender = [&](std::size_t i) { return family_.people[i].gender; };
    const bool turn =
        parents.size() == 2 && gender(parents[0]) == Gender::kWoman && gender(parents[1]) != Gender::kWoman;
    if (turn) std::swap(parents[0], parents[1]);
    const bool mother = parents.size() == 1 && gender(parents[0]) == Gender::kWoman;
    Line(1, mother ? "WIFE" : "HUSB", Who(parents[0]));
    if (parents.size() == 2) Line(1, "WIFE", Who(parents[1]));
    for (const auto& [child, tie] : family.children) Line(1, "CHIL", Who(child));
    if (family.partners != nullptr) Partners(*family.partners);
  }
  void Partners(const GedcomTie& tie) {
    const bool divorced = tie.how == KinshipHow::kDivorced;
    if (divorced || tie.how == KinshipHow::kMarried) {
      Line(1, "MARR", tie.began.empty() ? "Y" : "");
      Date(tie.began);
      if (divorced) {
        Line(1, "DIV", tie.ended.empty() ? "Y" : "");
        Date(tie.ended);
      } else if (!tie.ended.empty()) {
        Line(1, "EVEN");
        Line(2, "TYPE", "ended");
        Date(tie.ended);
      }
      return;
    }
    Line(1, "EVEN");
    Line(2, "TYPE", Slug(tie.how));
    std::string date;
    if (!tie.began.empty()) date = "FROM " + GedcomDate(tie.began);
    if (!tie.ended.empty()) date += (date.empty() ? "TO " : " TO ") + GedcomDate(tie.ended);
    if (!date.empty()) Line(2, "DATE", date);
  }

  const GedcomFamily& family_;
  const GedcomVersion version_;
  const std::vector<Family> families_;
  std::string text_;
};

// ---- In ----

struct GedcomLine {
  std::size_t number = 0;
  int level = 0;
  std::string xref;
  std::string tag;
  std::string value;
};

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}
// Up to the next space; and past it.
std::string_view NextWord(std::string_view& rest) {
  const std::size_t space = rest.find(' ');
  const std::string_view word = rest.substr(0, space);
  rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
  return word;
}

Result<GedcomLine> ParseGedcomLine(std::string_view text, std::size_t number) {
  const auto bad = [&] {
    return Fail(Code::kInvalid, "gedcom.line", std::to_string(number), "save it as GEDCOM again where it comes from");
  };
  GedcomLine line;
  line.number = number;
  std::string_view rest = Trimmed(text);
  const std::string_view level = NextWord(rest);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (level.empty() || level.size() > 2 || !std::ranges::all_of(level, is_digit)) return bad();
  for (const char c : level) line.level = line.level * 10 + (c - '0');
  if (rest.starts_with('@') && line.level == 0) line.xref = NextWord(rest);
  line.tag = NextWord(rest);
  line.value = rest;
  if (line.tag.empty()) return bad();
  return line;
}

Result<std::vector<GedcomLine>> GedcomLines(std::string_view text) {
  std::vector<GedcomLine> lines;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  int level = -1;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find_first_of("\r\n");
    const std::string_view one = text.substr(0, end);
    const bool both = end != std::string_view::npos && text.substr(end, 2) == "\r\n";
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + (both ? 2 : 1));
    if (Trimmed(one).empty()) continue;
    SCHAKEL_ASSIGN(GedcomLine line, ParseGedcomLine(one, number));
    if (line.level > level + 1) {
      return Fail(Code::kInvalid, "gedcom.line", std::to_string(number), "save it as GEDCOM again where it comes from");
    }
    level = line.level;
    lines.push_back(std::move(line));
  }
  return lines;
}

// A date as far as we keep it; nothing: a period, words, another calendar.
std::string DayOf(std::string_view date) {
  std::vector<std::string_view> words;
  while (!date.empty()) {
    const std::string_view word = NextWord(date);
    if (!word.empty()) words.push_back(word);
  }
  constexpr std::string_view kSkipped[] = {"ABT", "CAL", "EST", "BEF", "AFT", "GREGORIAN", "@#DGREGORIAN@"};
  while (!words.empty() && std::ranges::find(kSkipped, words.front()) != std::end(kSkipped)) words.erase(words.begin());
  if (words.empty() || words.size() > 3 || words.back().size() > 4) return {};
  std::string day = fmt::format("{:0>4}", words.back());
  if (words.size() > 1) {
    const auto month = std::ranges::find(kMonths, words[words.size() - 2]);
    if (month == kMonths.end()) return {};
    day += fmt::format("-{:02}", month - kMonths.begin() + 1);
  }
  if (words.size() == 3) day += fmt::format("-{:0>2}", words.front());
  return ParsePartialDay(day) ? day : std::string();
}
std::pair<std::string, std::string> PeriodOf(std::string_view date) {
  constexpr std::string_view kFrom = "FROM ";
  if (!date.starts_with(kFrom) && !date.starts_with("TO ")) return {DayOf(date), {}};
  const std::size_t to = date.starts_with("TO ") ? 0 : date.find(" TO ");
  const std::string_view last = to == std::string_view::npos ? std::string_view() : date.substr(to == 0 ? 3 : to + 4);
  const std::string_view first = date.starts_with(kFrom)
                                     ? date.substr(kFrom.size(), to == std::string_view::npos ? to : to - kFrom.size())
                                     : std::string_view();
  return {DayOf(first), DayOf(last)};
}

// "Sam /Peeters/" is "Sam Peeters".
std::string NameOf(std::string_view value) {
  std::string name;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i] == '/' || value[i] == '\t' ? ' ' : value[i];
    // The versions double it differently, so of several in a row one is kept.
    while (c == '@' && i + 1 < value.size() && value[i + 1] == '@') ++i;
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) continue;
    if (c != ' ' || (!name.empty() && name.back() != ' ')) name += c;
  }
  std::size_t size = std::min(name.size(), kNameBytesMax);
  while (size < name.size() && size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0U) == 0x80) --size;
  name.resize(size);
  while (name.ends_with(' ')) name.pop_back();
  return name.empty() ? "?" : name;
}

class GedcomReader {
 public:
  Result<GedcomFamily> Read(const std::vector<GedcomLine>& lines, std::string_view young_person) {
    if (lines.empty() || lines.front().tag != "HEAD") {
      return Fail(Code::kInvalid, "gedcom.header", "1", "give a file that begins with 0 HEAD");
    }
    for (const GedcomLine& line : lines) SCHAKEL_TRY(Take(line));
    SCHAKEL_TRY(Tie());
    SCHAKEL_TRY(Choose(young_person));
    family_.left_out.assign(left_out_.begin(), left_out_.end());
    return std::move(family_);
  }

 private:
  struct Link {
    std::size_t line = 0;
    std::string family;
    KinshipHow how = KinshipHow::kBiological;
    std::string began;
    std::string ended;
  };
  struct ReadFamily {
    std::size_t line = 0;
    std::vector<std::string> parents;
    std::vector<std::string> children;
    std::optional<KinshipHow> how;
    std::string began;
    std::string ended;
  };
  enum class In : std::uint8_t { kOther, kPerson, kFamily };

  Status Take(const GedcomLine& line) {
    if (line.level == 0) return Begin(line);
    if (line.level == 1) {
      above_ = line.tag;
      type_.clear();
    }
    if (in_ == In::kPerson) return TakeOfPerson(line);
    if (in_ == In::kFamily) TakeOfFamily(line);
    return {};
  }
  Status Begin(const GedcomLine& line) {
    in_ = In::kOther;
    above_.clear();
    if (line.tag == "INDI") {
      if (family_.people.size() >= kGedcomPeopleMax) {
        return Fail(Code::kLimit, "gedcom.people", std::to_string(line.number), "take along fewer people");
      }
      in_ = In::kPerson;
      if (!people_.emplace(line.xref, family_.people.size()).second) return WrongReference(line.number);
      GedcomPerson person;
      person.name = "?";
      person.xref = line.xref;
      family_.people.push_back(std::move(person));
      links_.emplace_back();
    } else if (line.tag == "FAM") {
      in_ = In::kFamily;
      if (!places_.emplace(line.xref, families_.size()).second) return WrongReference(line.number);
      families_.push_back({line.number, {}, {}, {}, {}, {}});
    } else if (line.tag != "HEAD" && line.tag != "TRLR" && line.tag != "SUBM") {
      left_out_.insert(line.tag);
    }
    return {};
  }
  static std::unexpected<Error> WrongReference(std::size_t line) {
    return Fail(Code::kInvalid, "gedcom.reference", std::to_string(line),
                "save it as GEDCOM again where it comes from");
  }

  Status TakeOfPerson(const GedcomLine& line) {
    GedcomPerson& person = family_.people.back();
    std::vector<Link>& links = links_.back();
    if (line.level == 1) {
      if (line.tag == "NAME") {
        if (person.name == "?") person.name = NameOf(line.value);
      } else if (line.tag == "SEX") {
        person.gender = line.value == "F"   ? Gender::kWoman
                        : line.value == "M" ? Gender::kMan
                        : line.value == "X" ? Gender::kOther
                                            : Gender::kUnknown;
      } else if (line.tag == kGenderTag) {
        person.gender = Gender::kOther;
      } else if (line.tag == "DEAT") {
        person.deceased = true;
      } else if (line.tag == "FAMC") {
        links.push_back({line.number, line.value, KinshipHow::kBiological, {}, {}});
      } else if (line.tag == kYoungPersonTag) {
        marked_ = family_.people.size() - 1;
      } else if (line.tag != "BIRT" && line.tag != "FAMS") {
        left_out_.insert(line.tag);
      }
      return {};
    }
    if (line.level == 3 && line.tag == "PHRASE" && above_ == "FAMC" && line.value == "step") {
      links.back().how = KinshipHow::kStep;
    }
    if (line.level != 2) return {};
    if (line.tag == "DATE" && (above_ == "BIRT" || above_ == "DEAT")) {
      const std::string day = DayOf(line.value);
      if (day.empty()) left_out_.insert("DATE");
      std::string& to = above_ == "BIRT" ? person.born : person.died;
      if (to.empty()) to = day;
    } else if (above_ == "FAMC" && line.tag == "PEDI") {
      links.back().how = HowOf(line.value);
    } else if (above_ == "FAMC" && line.tag == kBeganTag) {
      links.back().began = DayOf(line.value);
    } else if (above_ == "FAMC" && line.tag == kEndedTag) {
      links.back().ended = DayOf(line.value);
    }
    return {};
  }
  static KinshipHow HowOf(const std::string& pedigree) {
    if (pedigree == "adopted" || pedigree == "ADOPTED") return KinshipHow::kAdoptive;
    if (pedigree == "foster" || pedigree == "FOSTER") return KinshipHow::kFoster;
    if (pedigree == "step") return KinshipHow::kStep;
    return KinshipHow::kBiological;
  }

  void TakeOfFamily(const GedcomLine& line) {
    ReadFamily& family = families_.back();
    if (line.level == 1) {
      if (line.tag == "HUSB" || line.tag == "WIFE") {
        family.parents.push_back(line.value);
      } else if (line.tag == "CHIL") {
        family.children.push_back(line.value);
      } else if (line.tag == "MARR") {
        if (family.how != KinshipHow::kDivorced) family.how = KinshipHow::kMarried;
      } else if (line.tag == "DIV") {
        family.how = KinshipHow::kDivorced;
      } else if (line.tag != "EVEN") {
        left_out_.insert(line.tag);
      }
      return;
    }
    if (line.level != 2) return;
    if (line.tag == "TYPE" && above_ == "EVEN") {
      type_ = line.value;
      const auto how = ParseKinshipHow(line.value);
      if (how && *how > KinshipHow::kMarried && *how != KinshipHow::kDivorced) {
        family.how = *how;
      } else if (type_ != "ended") {
        left_out_.insert("EVEN");
      }
    } else if (line.tag == "DATE") {
      const auto [from, to] = PeriodOf(line.value);
      if (above_ == "MARR") family.began = from;
      if (above_ == "DIV" || (above_ == "EVEN" && type_ == "ended")) family.ended = from;
      if (above_ == "EVEN" && ParseKinshipHow(type_)) std::tie(family.began, family.ended) = std::pair(from, to);
    }
  }

  Result<std::size_t> PersonOf(const std::string& xref, std::size_t line) const {
    const auto found = people_.find(xref);
    if (found != people_.end()) return found->second;
    return WrongReference(line);
  }
  Status Tie() {
    std::set<std::tuple<std::size_t, std::size_t>> born;  // Each parent of each child once.
    for (std::size_t f = 0; f < families_.size(); ++f) {
      ReadFamily& family = families_[f];
      std::vector<std::size_t> parents;
      for (const std::string& xref : family.parents) {
        SCHAKEL_ASSIGN(const std::size_t parent, PersonOf(xref, family.line));
        // Nobody is their own partner, nor, below, their own child.
        if (std::ranges::find(parents, parent) != parents.end()) return WrongReference(family.line);
        parents.push_back(parent);
      }
      if (parents.size() == 2 && family.how) {
        Add({Relation::kPartners, parents[0], parents[1], *family.how, family.began, family.ended});
      }
      for (const std::string& xref : family.children) {
        SCHAKEL_ASSIGN(const std::size_t child, PersonOf(xref, family.line));
        if (std::ranges::find(parents, child) != parents.end()) return WrongReference(family.line);
        Link link;
        for (const Link& one : links_[child]) {
          const auto place = places_.find(one.family);
          if (place != places_.end() && place->second == f) link = one;
        }
        for (const std::size_t parent : parents) {
          if (!born.emplace(parent, child).second) continue;
          Add({Relation::kParent, parent, child, link.how, link.began, link.ended});
        }
      }
    }
    return {};
  }
  // What ends before it begins is not kept so: the end goes.
  void Add(GedcomTie tie) {
    const auto began = ParsePartialDay(tie.began);
    const auto ended = ParsePartialDay(tie.ended);
    if (began && ended && ended->Last() < began->First()) {
      tie.ended.clear();
      left_out_.insert("DATE");
    }
    family_.ties.push_back(std::move(tie));
  }
  Status Choose(std::string_view young_person) {
    for (GedcomPerson& person : family_.people) {
      const auto born = ParsePartialDay(person.born);
      const auto died = ParsePartialDay(person.died);
      if (!born || !died || died->Last() >= born->First()) continue;
      person.died.clear();
      left_out_.insert("DATE");
    }
    if (family_.people.empty()) {
      return Fail(Code::kInvalid, "gedcom.people", "1", "give a file with people in it");
    }
    family_.young_person = marked_.value_or(0);
    if (young_person.empty()) return {};
    const auto found = std::ranges::find_if(family_.people, [&](const GedcomPerson& person) {
      return person.xref == young_person || person.name == young_person;
    });
    if (found == family_.people.end()) {
      return Fail(Code::kNotFound, "gedcom.young_person", "young_person",
                  "name the young person as the file does, or by reference: @I1@");
    }
    family_.young_person = static_cast<std::size_t>(found - family_.people.begin());
    return {};
  }

  GedcomFamily family_;
  std::map<std::string, std::size_t> people_;
  std::map<std::string, std::size_t> places_;
  std::vector<std::vector<Link>> links_;  // Of each person, as a child.
  std::vector<ReadFamily> families_;
  std::optional<std::size_t> marked_;
  std::set<std::string> left_out_;
  In in_ = In::kOther;
  std::string above_;  // The tag of level 1 that we are in.
  std::string type_;
};

}  // namespace

std::string WriteGedcom(const GedcomFamily& family, GedcomVersion version) {
  return GedcomWriter(family, version).Write();
}

Result<GedcomFamily> ReadGedcom(std::string_view text, std::string_view young_person) {
  if (text.size() > kGedcomBytesMax) return Fail(Code::kLimit, "gedcom.size", "gedcom", "at most 1 MiB");
  if (!IsUtf8(text)) return Fail(Code::kInvalid, "gedcom.charset", "gedcom", "save it as UTF-8");
  SCHAKEL_ASSIGN(const std::vector<GedcomLine> lines, GedcomLines(text));
  return GedcomReader().Read(lines, young_person);
}

}  // namespace schakel
