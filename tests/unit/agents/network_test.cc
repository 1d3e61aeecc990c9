// The network between agents that know only what they were handed.
#include "agents/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/office.h"

namespace schakel {
namespace {

using ::testing::ElementsAre;

class NetworkTest : public test::ServicesTest {
 protected:
  DossierService dossier{wissel.engine, wissel.cases};
  NetworkService network{wissel.engine, wissel.cases, dossier, leuven.region.clock};
};

// The psychiatrist and the school were not introduced to each other.
TEST_F(NetworkTest, AFigureAndWhatIsSaidOfItTellNobodyOfAHiddenPartner) {
  for (test::Office* office : {&upc, &clb}) {
    Join(*office);
    Grant(*office, {Purpose::kCareCoordination}, {Category::kFamily});
  }
  FigureBody figure;
  figure.name = "de dienst";
  figure.kind = FigureKind::kInstitution;
  figure.ring = Ring::kServices;
  figure.organisation = upc.id().value();
  EXPECT_EQ(network.AddFigure(trajectory, figure, {.named = {clb.id()}}).error().rule, "network.hidden");
  FigureBody wrong = figure;
  wrong.organisation = "upc-leuvn";
  EXPECT_EQ(network.AddFigure(trajectory, wrong, {}).error().rule, "network.organisation") << "a typo is never invited";
  wrong = figure;
  wrong.kind = FigureKind::kPerson;
  wrong.organisation.clear();
  for (const char* day : {"2050", "2026-12", "2026-11-24"}) {
    wrong.born = day;
    EXPECT_EQ(network.AddFigure(trajectory, wrong, {}).error().rule, "network.day_to_come") << day;
  }
  for (const char* day : {"2026", "2026-11", "2026-11-23"}) {
    wrong.born = day;
    EXPECT_TRUE(network.AddFigure(trajectory, wrong, {.preview = true})) << day;
  }
  const auto added = network.AddFigure(trajectory, figure, {});
  ASSERT_TRUE(added) << ToText(added.error());
  EXPECT_THAT(added->reaches, ElementsAre(upc.id()));

  TieBody tie;
  tie.figure = added->record.value();
  tie.quality = TieQuality::kBroken;
  EXPECT_EQ(network.SayTie(trajectory, tie, {.named = {clb.id()}}).error().rule, "network.hidden");
  const auto said = network.SayTie(trajectory, tie, {});
  ASSERT_TRUE(said) << ToText(said.error());
  EXPECT_THAT(said->reaches, ElementsAre(upc.id()));

  CircularQuestionBody question;
  question.asked = Informant::kMother;
  question.figure = added->record.value();
  question.question = "Wat zou Sam zeggen?";
  question.guess = "blijven";
  const auto asked = network.Guess(trajectory, question, {});
  ASSERT_TRUE(asked) << ToText(asked.error());
  EXPECT_THAT(asked->reaches, ElementsAre(upc.id()));
  const auto answered = network.Answer(asked->record, {"naar oma"}, {});
  ASSERT_TRUE(answered) << ToText(answered.error());
  EXPECT_THAT(answered->reaches, ElementsAre(upc.id()));

  figure.organisation.clear();
  const auto edited = network.EditFigure(added->record, figure, {});
  ASSERT_TRUE(edited) << ToText(edited.error());
  EXPECT_THAT(edited->reaches, ElementsAre(upc.id())) << "of what it stood for";
}

}  // namespace
}  // namespace schakel
