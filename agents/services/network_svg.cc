#include "network_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>

#include "agents/i18n.h"
#include "agents/partial_day.h"
#include "html_text.h"

namespace schakel {
namespace {

struct Point {
  double x = 0;
  double y = 0;
};

// Never a word of people but through Text.
class Drawing {
 public:
  Drawing(double width, double height) : width_(width), height_(height) {}

  void Line(Point a, Point b, std::string_view stroke, double width, std::string_view dashes = {}) {
    body_ += fmt::format(R"(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="{:.1f}")",
                         a.x, a.y, b.x, b.y, stroke, width);
    if (!dashes.empty()) body_ += fmt::format(R"( stroke-dasharray="{}")", dashes);
    body_ += "/>\n";
  }
  void Circle(Point at, double radius, std::string_view fill, std::string_view stroke) {
    body_ += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}" fill="{}" stroke="{}"/>)", at.x, at.y, radius,
                         fill, stroke);
    body_ += '\n';
  }
  void Box(Point at, double width, double height, std::string_view fill, std::string_view stroke) {
    body_ += fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}" stroke="{}"/>)", at.x,
                         at.y, width, height, fill, stroke);
    body_ += '\n';
  }
  void Shape(const std::vector<Point>& points, std::string_view fill, std::string_view stroke) {
    body_ += R"(<polygon points=")";
    for (std::size_t i = 0; i < points.size(); ++i) {
      body_ += fmt::format("{}{:.1f},{:.1f}", i == 0 ? "" : " ", points[i].x, points[i].y);
    }
    body_ += fmt::format(R"(" fill="{}" stroke="{}"/>)", fill, stroke);
    body_ += '\n';
  }
  void Text(Point at, std::string_view text, std::string_view anchor = "middle") {
    body_ +=
        fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)", at.x, at.y, anchor, HtmlEscaped(text));
    body_ += '\n';
  }
  void Say(const std::string& line) { said_ += (said_.empty() ? "" : " ") + line; }

  std::string Finish(std::string_view title) const {
    return fmt::format(
               R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" height="{1:.0f}" )"
               R"(role="img" aria-labelledby="title desc" font-family="sans-serif" font-size="13">)",
               width_, height_) +
           fmt::format("\n<title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n", HtmlEscaped(title),
                       HtmlEscaped(said_)) +
           fmt::format("<rect width=\"{:.0f}\" height=\"{:.0f}\" fill=\"#ffffff\"/>\n", width_, height_) + body_ +
           "</svg>\n";
  }

 private:
  const double width_;
  const double height_;
  std::string body_;
  std::string said_;
};

constexpr std::string_view kInk = "#333333";

std::string PictureWord(Language language, std::string_view list, std::string_view slug) {
  return Phrase(language, fmt::format("word.{}.{}", list, slug));
}

// ---- Ecogram ----

std::string_view ColourOf(TieQuality quality) {
  switch (quality) {
    case TieQuality::kPositive:
      return "#1b7837";
    case TieQuality::kNegative:
      return "#b2182b";
    case TieQuality::kAmbivalent:
      return "#b35806";
    default:
      return "#555555";
  }
}
// Who does not tell colours apart sees the difference too.
std::string_view DashesOf(TieQuality quality) {
  switch (quality) {
    case TieQuality::kNegative:
      return "9 3";
    case TieQuality::kAmbivalent:
      return "9 3 2 3";
    case TieQuality::kBroken:
      return "2 6";
    default:
      return {};
  }
}

Point Towards(Point from, Point to, double distance) {
  const double length = std::max(1.0, std::hypot(to.x - from.x, to.y - from.y));
  return {from.x + (to.x - from.x) * distance / length, from.y + (to.y - from.y) * distance / length};
}
void Arrow(Drawing& drawing, Point from, Point to, std::string_view colour) {
  const Point tip = Towards(to, from, 24);
  const Point base = Towards(to, from, 36);
  const Point side = {(tip.y - base.y) * 0.45, (base.x - tip.x) * 0.45};
  drawing.Shape({tip, {base.x + side.x, base.y + side.y}, {base.x - side.x, base.y - side.y}}, colour, colour);
}

constexpr double kEcogramSize = 900;

std::map<RecordId, Point> EcogramPlaces(const CaseNetwork& network) {
  constexpr Point kCentre{kEcogramSize / 2, kEcogramSize / 2};
  std::map<Ring, std::vector<RecordId>> rings;
  for (const CaseFigure& one : network.figures) {
    if (one.body && !one.body->removed) rings[one.body->ring].push_back(one.text.id());
  }
  std::map<RecordId, Point> places = {{RecordId(), kCentre}};
  for (const auto& [ring, figures] : rings) {
    const double radius = 70.0 + 58.0 * static_cast<double>(ring);
    for (std::size_t i = 0; i < figures.size(); ++i) {
      // Each ring begins elsewhere, so that figures do not stand behind one another.
      const double turn =
          (static_cast<double>(i) / static_cast<double>(figures.size()) + 0.13 * static_cast<double>(ring)) * 2 *
          std::numbers::pi;
      places[figures[i]] = {kCentre.x + radius * std::sin(turn), kCentre.y - radius * std::cos(turn)};
    }
  }
  return places;
}

void DrawTie(Drawing& drawing, const TieBody& body, Point figure, Point other) {
  const std::string_view colour = ColourOf(body.quality);
  drawing.Line(other, figure, colour, 1.5 * body.strength, DashesOf(body.quality));
  if (body.direction != TieDirection::kFrom) Arrow(drawing, other, figure, colour);
  if (body.direction != TieDirection::kTo) Arrow(drawing, figure, other, colour);
  if (body.quality != TieQuality::kBroken) return;
  const Point middle = {(figure.x + other.x) / 2, (figure.y + other.y) / 2};
  drawing.Line({middle.x - 7, middle.y - 7}, {middle.x + 7, middle.y + 7}, colour, 2.5);
  drawing.Line({middle.x - 7, middle.y + 7}, {middle.x + 7, middle.y - 7}, colour, 2.5);
}

// ---- Families ----

std::map<RecordId, Point> GenogramPlaces(const CaseNetwork& network, double& width, double& height) {
  std::map<int, std::vector<RecordId>> rows;
  std::map<RecordId, int> placed;
  for (const InGeneration& one : GenerationsIn(network)) placed[one.figure] = one.generation;
  for (const auto& [figure, generation] : placed) {
    const CaseFigure* drawn = network.FindFigure(figure);
    if (IsNone(figure) || (drawn != nullptr && drawn->body && !drawn->body->removed))
      rows[generation].push_back(figure);
  }
  std::size_t widest = 1;
  for (const auto& [generation, row] : rows) widest = std::max(widest, row.size());
  width = 80 + 150.0 * static_cast<double>(widest);
  height = 100 + 140.0 * static_cast<double>(rows.size());
  std::map<RecordId, Point> places;
  double y = 80;
  for (const auto& [generation, row] : rows) {
    const double step = width / static_cast<double>(row.size() + 1);
    for (std::size_t i = 0; i < row.size(); ++i) places[row[i]] = {step * static_cast<double>(i + 1), y};
    y += 140;
  }
  return places;
}

void DrawPerson(Drawing& drawing, Point at, Gender gender, bool deceased) {
  constexpr double kHalf = 18;
  switch (gender) {
    case Gender::kMan:
      drawing.Box({at.x - kHalf, at.y - kHalf}, 2 * kHalf, 2 * kHalf, "#ffffff", kInk);
      break;
    case Gender::kWoman:
      drawing.Circle(at, kHalf, "#ffffff", kInk);
      break;
    default:
      drawing.Shape({{at.x, at.y - kHalf}, {at.x + kHalf, at.y}, {at.x, at.y + kHalf}, {at.x - kHalf, at.y}}, "#ffffff",
                    kInk);
  }
  if (!deceased) return;
  drawing.Line({at.x - kHalf, at.y - kHalf}, {at.x + kHalf, at.y + kHalf}, kInk, 1.5);
  drawing.Line({at.x - kHalf, at.y + kHalf}, {at.x + kHalf, at.y - kHalf}, kInk, 1.5);
}

void DrawKinship(Drawing& drawing, const KinshipBody& body, Point a, Point b) {
  if (body.relation == Relation::kParent) {
    const double half = (a.y + b.y) / 2;
    const std::string_view dashes = body.how == KinshipHow::kBiological ? "" : "5 4";
    drawing.Line({a.x, a.y + 18}, {a.x, half}, kInk, 1.2, dashes);
    drawing.Line({a.x, half}, {b.x, half}, kInk, 1.2, dashes);
    drawing.Line({b.x, half}, {b.x, b.y - 18}, kInk, 1.2, dashes);
    return;
  }
  const bool loose = body.how == KinshipHow::kCohabiting || body.how == KinshipHow::kRelationship;
  drawing.Line(a, b, kInk, 1.5, loose ? "5 4" : "");
  const Point middle = {(a.x + b.x) / 2, (a.y + b.y) / 2};
  const int strokes = body.how == KinshipHow::kDivorced ? 2 : body.how == KinshipHow::kSeparated ? 1 : 0;
  for (int i = 0; i < strokes; ++i) {
    const double x = middle.x + 6.0 * i;
    drawing.Line({x - 4, middle.y + 8}, {x + 4, middle.y - 8}, kInk, 1.5);
  }
}

std::string YearsOf(const FigureBody& body) {
  if (body.born.empty() && !body.deceased) return {};
  return fmt::format("{}{}{}", body.born, body.deceased ? " † " : "", body.died);
}

}  // namespace

std::string EcogramSvg(const CaseNetwork& network, const EcogramView& view, Language language) {
  Drawing drawing(kEcogramSize, kEcogramSize);
  const auto places = EcogramPlaces(network);
  const auto name_of = [&](const RecordId& id) {
    const CaseFigure* figure = IsNone(id) ? nullptr : network.FindFigure(id);
    return figure == nullptr ? std::string(view.label) : figure->body ? figure->body->name : std::string("?");
  };
  for (unsigned ring = 1; ring <= static_cast<unsigned>(Ring::kServices); ++ring) {
    drawing.Circle({kEcogramSize / 2, kEcogramSize / 2}, 70.0 + 58.0 * ring, "none", "#e3e3e3");
  }
  for (const CaseTie& tie : network.ties) {
    const bool asked =
        !view.informant || (tie.key.informant == *view.informant &&
                            (view.informant_name.empty() || tie.key.informant_name == view.informant_name));
    const CaseStatement* now = asked ? tie.On(view.day) : nullptr;
    const auto figure = places.find(tie.key.figure);
    const auto other = places.find(tie.key.other);
    if (now == nullptr || now->body.quality == TieQuality::kNone) continue;
    if (figure == places.end() || other == places.end()) continue;
    DrawTie(drawing, now->body, figure->second, other->second);
    drawing.Say(fmt::format("{} – {}: {} ({}).", name_of(tie.key.other), name_of(tie.key.figure),
                            PictureWord(language, "quality", Slug(now->body.quality)),
                            tie.key.informant_name.empty() ? PictureWord(language, "informant", Slug(tie.key.informant))
                                                           : tie.key.informant_name));
  }
  for (const auto& [id, at] : places) {
    const CaseFigure* figure = IsNone(id) ? nullptr : network.FindFigure(id);
    const bool institution = figure != nullptr && figure->body && figure->body->kind == FigureKind::kInstitution;
    if (institution) {
      drawing.Box({at.x - 18, at.y - 14}, 36, 28, "#eef3fa", kInk);
    } else {
      drawing.Circle(at, IsNone(id) ? 24 : 17, IsNone(id) ? "#fff3c4" : "#ffffff", kInk);
    }
    drawing.Text({at.x, at.y + 38}, name_of(id));
  }
  return drawing.Finish(fmt::format("{}: {} ({})", Phrase(language, "network.ecogram"), view.label, view.day));
}

std::string GenogramSvg(const CaseNetwork& network, std::string_view label, Language language) {
  double width = 0;
  double height = 0;
  const auto places = GenogramPlaces(network, width, height);
  Drawing drawing(width, height);
  const auto name_of = [&](const RecordId& id) {
    const CaseFigure* figure = IsNone(id) ? nullptr : network.FindFigure(id);
    return figure == nullptr ? std::string(label) : figure->body ? figure->body->name : std::string("?");
  };
  for (const CaseKinship& one : network.kinships) {
    if (!one.Counts()) continue;
    const auto a = places.find(RecordId(one.body->a));
    const auto b = places.find(RecordId(one.body->b));
    if (a == places.end() || b == places.end()) continue;
    DrawKinship(drawing, *one.body, a->second, b->second);
    drawing.Say(fmt::format("{} – {}: {}, {}.", name_of(a->first), name_of(b->first),
                            PictureWord(language, "relation", Slug(one.body->relation)),
                            PictureWord(language, "how", Slug(one.body->how))));
  }
  for (const auto& [id, at] : places) {
    const CaseFigure* figure = IsNone(id) ? nullptr : network.FindFigure(id);
    const FigureBody none;
    const FigureBody& body = figure != nullptr && figure->body ? *figure->body : none;
    DrawPerson(drawing, at, body.gender, body.deceased);
    if (IsNone(id)) drawing.Circle(at, 6, kInk, kInk);
    drawing.Text({at.x, at.y + 36}, name_of(id));
    if (const std::string years = YearsOf(body); !years.empty()) drawing.Text({at.x, at.y + 52}, years);
  }
  return drawing.Finish(fmt::format("{}: {}", Phrase(language, "network.genogram"), label));
}

std::string LifelineSvg(const CaseNetwork& network, std::string_view label, std::string_view today, Language language) {
  using std::chrono::sys_days;
  constexpr double kLeft = 130;
  constexpr double kWidth = 1100;
  constexpr double kRow = 26;
  const auto now = ParsePartialDay(today);
  std::vector<const CaseLifeEvent*> events;
  sys_days first = now ? now->First() : sys_days{};
  sys_days last = first;
  for (const CaseLifeEvent& one : network.events) {
    const auto begins = one.body && !one.body->removed ? ParsePartialDay(one.body->begins) : std::nullopt;
    if (!begins) continue;
    events.push_back(&one);
    first = std::min(first, begins->First());
    const auto ends = ParsePartialDay(one.body->ends);
    last = std::max(last, ends ? ends->Last() : begins->Last());
  }
  std::ranges::stable_sort(events, {}, [](const CaseLifeEvent* one) {
    return std::tuple(one->body->lane, ParsePartialDay(one->body->begins)->First());
  });
  const double days = std::max<double>(1, static_cast<double>((last - first).count()));
  const auto x_of = [&](sys_days day) {
    return kLeft + (kWidth - kLeft - 40) * static_cast<double>((day - first).count()) / days;
  };
  const double height = 70 + kRow * static_cast<double>(events.size() + 1);
  Drawing drawing(kWidth, height);
  const std::chrono::year_month_day from(first);
  const std::chrono::year_month_day to(last);
  for (auto year = from.year(); year <= to.year(); ++year) {
    const sys_days new_year(year / std::chrono::January / 1);
    if (new_year < first) continue;
    drawing.Line({x_of(new_year), 30}, {x_of(new_year), height - 20}, "#e3e3e3", 1);
    drawing.Text({x_of(new_year), 22}, fmt::format("{}", static_cast<int>(year)));
  }
  double y = 50;
  std::optional<LifeLane> lane;
  for (const CaseLifeEvent* one : events) {
    const LifeEventBody& body = *one->body;
    if (lane != body.lane) drawing.Text({kLeft - 10, y + 4}, PictureWord(language, "lane", Slug(body.lane)), "end");
    lane = body.lane;
    const auto begins = ParsePartialDay(body.begins);
    const auto ends = ParsePartialDay(body.ends);
    const bool lasts =
        ends || body.lane == LifeLane::kStay || body.lane == LifeLane::kSchool || body.lane == LifeLane::kHelp;
    const double x = x_of(begins->First());
    const double end = x_of(ends ? ends->Last() : lasts ? last : begins->First());
    drawing.Box({x, y - 7}, std::max(5.0, end - x), 14, "#cfe0f3", kInk);
    drawing.Text({x + 4, y + 4}, body.title, "start");
    drawing.Say(fmt::format("{}: {}, {}{}{}.", PictureWord(language, "lane", Slug(body.lane)), body.title, body.begins,
                            body.ends.empty() ? "" : " – ", body.ends));
    y += kRow;
  }
  for (const LifeGap& gap : GapsIn(network.events, today)) {
    drawing.Say(fmt::format("{}: {}, {} – {}.", Phrase(language, "network.gap"),
                            PictureWord(language, "lane", Slug(gap.lane)), gap.from, gap.to));
  }
  return drawing.Finish(fmt::format("{}: {}", Phrase(language, "network.lifeline"), label));
}

}  // namespace schakel
