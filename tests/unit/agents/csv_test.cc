// Tables from spreadsheets: what is read, and what is refused by name.
#include "services/csv.h"

#include <gtest/gtest.h>

namespace schakel {
namespace {

using Rows = std::vector<CsvRow>;

TEST(Csv, EveryWayToWriteATable) {
  struct Case {
    const char* name;
    std::string text;
    Rows want;
  };
  const Case cases[] = {
      {"commas", "a,b\r\n1,2\r\n", {{1, {"a", "b"}}, {2, {"1", "2"}}}},
      {"semicolons", "a;b\n1;2,5\n", {{1, {"a", "b"}}, {2, {"1", "2,5"}}}},
      {"no end of line", "a,b\n1,2", {{1, {"a", "b"}}, {2, {"1", "2"}}}},
      {"a byte order mark",
       "\xEF\xBB\xBF"
       "a\n1\n",
       {{1, {"a"}}, {2, {"1"}}}},
      {"quotes", "a,b\n\"x, \"\"y\"\"\",2\n", {{1, {"a", "b"}}, {2, {"x, \"y\"", "2"}}}},
      {"an end of line in a cell", "a,b\n\"x\ny\",2\n3,4\n", {{1, {"a", "b"}}, {2, {"x\ny", "2"}}, {4, {"3", "4"}}}},
      {"empty cells", "a,b\n,\"\"\n,2\n", {{1, {"a", "b"}}, {3, {"", "2"}}}},
      {"empty lines", "a\n\n1\n\n", {{1, {"a"}}, {3, {"1"}}}},
      {"fewer cells", "a,b\n1\n", {{1, {"a", "b"}}, {2, {"1"}}}},
      {"a separator in quotes decides nothing", "\"a;;;\",b\n1,2\n", {{1, {"a;;;", "b"}}, {2, {"1", "2"}}}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto rows = ReadCsv(c.text);
    ASSERT_TRUE(rows) << ToText(rows.error());
    EXPECT_EQ(*rows, c.want);
  }
}

TEST(Csv, WhatIsNoTableIsRefusedByName) {
  std::string rows = "a\n";
  for (std::size_t i = 0; i < kCsvRowsMax; ++i) rows += "x\n";
  struct Case {
    const char* name;
    std::string text;
    const char* rule;
    const char* field;
  };
  const Case cases[] = {
      {"nothing", "", "csv.empty", "csv"},
      {"a head alone", "a,b\n", "csv.empty", "csv"},
      {"Windows-1252", "a\nJos\xE9\n", "csv.encoding", "csv"},
      {"UTF-16",
       std::string("\xFF\xFE"
                   "a",
                   3),
       "csv.utf16", "csv"},
      {"a quote inside", "a\nx\"y\n", "csv.quote", "line 2"},
      {"text behind a quote", "a\n\"x\"y\n", "csv.quote", "line 2"},
      {"a quote left open", "a\n\"x\n", "csv.quote", "line 3"},
      {"too many rows", rows + "x\n", "csv.rows", "line 5002"},
      {"too many cells", "a\n" + std::string(kCsvCellsMax, ',') + "\n", "csv.cells", "line 2"},
      {"too large", std::string(kCsvBytesMax + 1, 'a'), "csv.large", "csv"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto read = ReadCsv(c.text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().rule, c.rule);
    EXPECT_EQ(read.error().field, c.field);
  }
  EXPECT_EQ(ReadCsv(rows)->size(), kCsvRowsMax + 1) << "as many as may be";
}

}  // namespace
}  // namespace schakel
