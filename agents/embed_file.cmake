# Writes INPUT into the C++ source OUTPUT as the string SYMBOL.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" escaped "${hex}")
# One literal may not grow without bound, and neither may a line.
string(REGEX REPLACE "((\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])?(\\\\x[0-9a-f][0-9a-f])?(\\\\x[0-9a-f][0-9a-f])?(\\\\x[0-9a-f][0-9a-f])?(\\\\x[0-9a-f][0-9a-f])?(\\\\x[0-9a-f][0-9a-f])?(\\\\x[0-9a-f][0-9a-f])?)"
  "\"\\1\"\n" lines "${escaped}")
file(SIZE ${INPUT} size)
file(WRITE ${OUTPUT} "#include <string_view>\nnamespace schakel::embedded {\nnamespace {\nconst char text[] =\n${lines};\n}\n"
  "extern const std::string_view ${SYMBOL};\nconst std::string_view ${SYMBOL}(text, ${size});\n}\n")
