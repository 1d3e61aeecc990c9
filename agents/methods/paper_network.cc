#include "paper_network.h"

#include <fmt/format.h>

#include "agents/i18n.h"
#include "services/html_text.h"

namespace schakel {
namespace {

class NetworkTables {
 public:
  NetworkTables(const Paper& paper, Language language)
      : paper_(paper), network_(paper.trajectory.network), language_(language) {}

  std::string Render() {
    Figures();
    Ties();
    Kinships();
    Life();
    return std::move(html_);
  }

 private:
  using Row = std::vector<std::string>;

  std::string T(const std::string& key) const { return Phrase(language_, key); }
  std::string Word(const char* list, std::string_view slug) const {
    const std::string key = "word." + std::string(list) + "." + std::string(slug);
    return HasText(language_, key) ? T(key) : std::string(slug);
  }
  template <typename B>
  const B* Body(const RecordId& id) const {
    const auto found = paper_.shown.find(id);
    return found == paper_.shown.end() || !found->second.body ? nullptr : std::get_if<B>(&*found->second.body);
  }
  std::string NameOf(const RecordId& id) const {
    if (IsNone(id)) return T("word.who.young-person");
    const CaseFigure* figure = network_.FindFigure(id);
    const auto* body = figure == nullptr ? nullptr : Body<FigureBody>(figure->text.current().record);
    return body == nullptr ? "…" : body->name;
  }
  void Table(const char* title, const Row& head, const std::vector<Row>& rows) {
    if (rows.empty()) return;
    html_ += "<h2>" + HtmlEscaped(T(title)) + "</h2>\n<table>\n<tr>";
    for (const std::string& one : head) html_ += "<th>" + HtmlEscaped(T(one)) + "</th>";
    html_ += "</tr>\n";
    for (const Row& row : rows) {
      html_ += "<tr>";
      for (const std::string& one : row) html_ += "<td>" + HtmlEscaped(one) + "</td>";
      html_ += "</tr>\n";
    }
    html_ += "</table>\n";
  }

  void Figures() {
    std::vector<Row> rows;
    for (const CaseFigure& one : network_.figures) {
      const auto* body = Body<FigureBody>(one.text.current().record);
      if (body == nullptr || body->removed) continue;
      std::string name = body->name + (body->deceased ? " †" : "");
      rows.push_back({name, Word("figure", Slug(body->kind)), body->role, body->born, body->remark});
    }
    Table("paper.network", {"field.name", "field.kind", "paper.col.role", "paper.col.born", "field.remark"}, rows);
  }
  void Ties() {
    std::vector<Row> rows;
    for (const CaseTie& one : network_.ties) {
      if (one.statements.empty()) continue;
      const auto* body = Body<TieBody>(one.statements.back().record);
      if (body == nullptr) continue;
      std::string informant = Word("informant", Slug(body->informant));
      if (!body->informant_name.empty()) informant += ": " + body->informant_name;
      rows.push_back({NameOf(one.key.figure), NameOf(one.key.other), informant, Word("quality", Slug(body->quality)),
                      fmt::format("{}", body->strength), body->since});
    }
    Table("paper.ties",
          {"field.name", "field.with", "paper.col.informant", "paper.col.quality", "paper.col.strength",
           "field.begins_at"},
          rows);
  }
  void Kinships() {
    std::vector<Row> rows;
    for (const CaseKinship& one : network_.kinships) {
      const auto* body = Body<KinshipBody>(one.text.current().record);
      if (body == nullptr || !one.Counts()) continue;
      rows.push_back({NameOf(RecordId(body->a)), Word("relation", Slug(body->relation)), NameOf(RecordId(body->b)),
                      Word("how", Slug(body->how)), body->began, body->ended});
    }
    Table("paper.genogram",
          {"field.name", "cli.col.relation", "field.with", "field.how", "field.begins_at", "field.ends_at"}, rows);
  }
  void Life() {
    std::vector<Row> rows;
    for (const CaseLifeEvent& one : network_.events) {
      const auto* body = Body<LifeEventBody>(one.text.current().record);
      if (body == nullptr || body->removed) continue;
      rows.push_back({Word("lane", Slug(body->lane)), body->title, body->begins, body->ends, body->place});
    }
    Table("paper.lifeline", {"field.kind", "field.title", "field.begins_at", "field.ends_at", "field.place"}, rows);
  }

  const Paper& paper_;
  const CaseNetwork& network_;
  const Language language_;
  std::string html_;
};

}  // namespace

std::string NetworkOnPaper(const Paper& paper, Language language) { return NetworkTables(paper, language).Render(); }

std::vector<RecordId> RecordsOfNetwork(const CaseNetwork& network) {
  std::vector<RecordId> ids;
  for (const CaseFigure& one : network.figures) ids.push_back(one.text.current().record);
  for (const CaseTie& one : network.ties) {
    if (!one.statements.empty()) ids.push_back(one.statements.back().record);
  }
  for (const CaseKinship& one : network.kinships) ids.push_back(one.text.current().record);
  for (const CaseLifeEvent& one : network.events) ids.push_back(one.text.current().record);
  return ids;
}

}  // namespace schakel
