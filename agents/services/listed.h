#pragma once

#include "agents/engine.h"

namespace schakel {

// `field`: where it was named. kNotFound ("directory.organisation"): the directory has no such organisation.
Status CheckListed(const Engine& engine, const OrgId& organisation, const char* field = "organisation");

}  // namespace schakel
