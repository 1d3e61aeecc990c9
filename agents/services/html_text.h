// Words of people inside a page. Threads: pure.
#pragma once

#include <string>
#include <string_view>

namespace schakel {

// Markup becomes text, in elements and in quoted attributes alike; control characters but for tabs and ends of lines
// are left out.
std::string HtmlEscaped(std::string_view text);

}  // namespace schakel
