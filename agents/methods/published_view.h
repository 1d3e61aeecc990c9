// How what an organisation publishes to partners is shown, whatever it is.
#pragma once

#include "api/dossier_views.h"
#include "api/router.h"

namespace schakel {

// Whose it is and what it says; of ours also whom it reached.
template <typename Published>
Json PublishedView(const Call& call, const Published& one, const ReadRecords& read) {
  const JsonViews views = call.Views();
  const bool ours = one.author == call.desk.engine.Self();
  return {{"id", ToText(one.id)},
          {"author", views.Organisation(one.author)},
          {"ours", ours},
          {"at", ToText(one.at)},
          {"to", ours ? views.Organisations({one.to.begin(), one.to.end()}) : Json::array()},
          {"record", read.View(one.id, views)}};
}

}  // namespace schakel
