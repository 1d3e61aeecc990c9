// School trouble in numbers, and the open days.
#include <algorithm>
#include <set>

#include "agents/partial_day.h"
#include "agents/school_board.h"
#include "api/read_all.h"
#include "api/router.h"
#include "methods/published_view.h"

namespace schakel::school_board_routes {
namespace {

Result<SchoolBoard> AskedBoard(const Call& call) {
  std::optional<int> year;
  if (const std::string text = call.Asked("year"); !text.empty()) {
    const auto parsed = ParsePartialDay(text);
    if (!parsed || parsed->month) return Fail(Code::kInvalid, "request.year", "year", "write it as 2026");
    year = static_cast<int>(parsed->year);
  }
  std::optional<std::size_t> threshold;
  if (const std::string asked = call.Asked("threshold"); !asked.empty()) {
    const auto number = WholeNumber(asked);
    if (!number) {
      return Fail(Code::kInvalid, "board.threshold", "threshold",
                  "at least " + std::to_string(call.desk.school_board.threshold()) + ": fewer could point at somebody");
    }
    threshold = static_cast<std::size_t>(*number);
  }
  return call.desk.school_board.Of(year, threshold, call.caller.person.role);
}

Result<Reply> Board(Call& call) {
  SCHAKEL_ASSIGN(const SchoolBoard board, AskedBoard(call));
  Json tables = Json::array();
  for (const EffectTable& table : board.tables) {
    Json cells = Json::array();
    for (const EffectCell& cell : table.cells) cells.push_back({{"cell", cell.slug}, {"count", cell.count}});
    tables.push_back({{"table", table.name}, {"cells", std::move(cells)}, {"rest", table.rest}});
  }
  return Reply{.json = {{"year", board.year},
                        {"threshold", board.threshold},
                        {"reports", board.reports ? Json(*board.reports) : Json(nullptr)},
                        {"tables", std::move(tables)}}};
}

Result<Reply> Csv(Call& call) {
  SCHAKEL_ASSIGN(const SchoolBoard board, AskedBoard(call));
  Reply reply;
  reply.type = "text/csv; charset=utf-8";
  reply.raw = SchoolBoardCsv(board);
  reply.headers["Content-Disposition"] =
      "attachment; filename=\"schakel-school-" + std::to_string(board.year) + ".csv\"";
  return reply;
}

Json View(const OpenDay& one) {
  return {{"id", ToHex(one.id)},        {"day", one.day},  {"hours", one.hours}, {"place", one.place},
          {"organiser", one.organiser}, {"text", one.text}};
}

OpenDay ReadOpenDay(Input& input) {
  OpenDay one;
  one.day = input.RequiredText("day");
  one.hours = input.Text("hours");
  one.place = input.RequiredText("place");
  one.organiser = input.RequiredText("organiser");
  one.text = input.Text("text");
  return one;
}

Result<Reply> Days(Call& call) {
  SCHAKEL_ASSIGN(const auto all, call.desk.open_days.All());
  Json list = Json::array();
  for (const OpenDay& one : all) list.push_back(View(one));
  return Reply{.json = {{"open_days", std::move(list)}}};
}

Result<Reply> AddDay(Call& call) {
  Input input(call.body);
  OpenDay one = ReadOpenDay(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const OpenDay added, call.desk.open_days.Add(std::move(one)));
  return Reply{.status = 201, .json = View(added)};
}

Result<Reply> EditDay(Call& call) {
  Input input(call.body);
  OpenDay one = ReadOpenDay(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const OpenDay edited, call.desk.open_days.Edit(call.path.at("day"), std::move(one)));
  return Reply{.json = View(edited)};
}

Result<Reply> DropDay(Call& call) {
  SCHAKEL_TRY(call.desk.open_days.Drop(call.path.at("day")));
  return Reply{.json = Json::object()};
}

// ---- What desks published ----

Json View(const Call& call, const PublishedBoard& one, const ReadRecords& read) {
  Json view = PublishedView(call, one, read);
  view["year"] = one.year;
  return view;
}

Result<Reply> Boards(Call& call) {
  const std::vector<PublishedBoard> all = call.desk.boards.All();
  std::set<RecordId> ids;
  for (const PublishedBoard& one : all) ids.insert(one.id);
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  Json list = Json::array();
  for (const PublishedBoard& one : all) list.push_back(View(call, one, read));
  return Reply{.json = {{"boards", std::move(list)}}};
}

Result<Reply> ShowBoard(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("board"));
  SCHAKEL_ASSIGN(const PublishedBoard one, call.desk.boards.Show(id));
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, {one.id}));
  return Reply{.json = View(call, one, read)};
}

Result<Reply> Publish(Call& call) {
  Input input(call.body);
  BoardPublications::Request request;
  if (const auto year = input.Number("year")) request.year = static_cast<int>(std::min<std::uint64_t>(*year, 9999));
  if (const auto threshold = input.Number("threshold")) request.threshold = static_cast<std::size_t>(*threshold);
  request.same_numbers = input.Flag("same_numbers", false);
  const std::vector<std::string> to = input.Texts("to");  // Sectors, too.
  input.MustNameSomebody("to");
  Audience audience = call.ReadHow(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(audience.named, call.desk.consultations.Addressees({}, to, call.desk.profiles));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.boards.Publish(request, audience, call.caller.person.role));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/school/board", &Board, {"year", "threshold"}},
    {"GET", "/v1/school/board.csv", &Csv, {"year", "threshold"}},
    {"GET", "/v1/school/boards", &Boards},
    {"POST", "/v1/school/boards", &Publish},
    {"GET", "/v1/school/boards/{board}", &ShowBoard},
    {"GET", "/v1/school/open-days", &Days},
    {"POST", "/v1/school/open-days", &AddDay},
    {"POST", "/v1/school/open-days/{day}/edit", &EditDay},
    {"DELETE", "/v1/school/open-days/{day}", &DropDay},
};

}  // namespace
}  // namespace schakel::school_board_routes

namespace schakel {

std::span<const Route> SchoolBoardRoutes() { return school_board_routes::kRoutes; }

}  // namespace schakel
