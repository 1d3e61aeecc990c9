#pragma once

#include "agents/engine.h"

namespace schakel {

// kNotFound ("directory.organisation"): the directory has no such organisation.
Status CheckListed(const Engine& engine, const OrgId& organisation);

}  // namespace schakel
