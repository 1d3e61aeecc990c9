# Compiler settings that every target shares: link to schakel_options.
include(CheckPIESupported)
check_pie_supported()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(schakel_options INTERFACE)
target_compile_options(schakel_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wunused-result
  -Wno-missing-field-initializers  # designated initialisers leave the rest at its default
  -fstack-protector-strong -fcf-protection=full -fno-omit-frame-pointer)
if(SCHAKEL_WERROR)
  target_compile_options(schakel_options INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns falsely about these in inlined standard containers.
  target_compile_options(schakel_options INTERFACE
    -fstack-clash-protection -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-stringop-overread
    -Wno-maybe-uninitialized -Wno-dangling-pointer
    $<$<BOOL:${SCHAKEL_JOINED}>:-Wno-subobject-linkage>)  # Sources that are joined look like headers.
  # Memory is cheaper than looking for what may be freed: an eighth of the time in which joined sources compile.
  target_compile_options(schakel_options INTERFACE "SHELL:--param ggc-min-expand=1000" "SHELL:--param ggc-min-heapsize=2000000")
  target_compile_options(schakel_options INTERFACE -fpch-preprocess)  # Lets ccache see what a precompiled header holds.
endif()
target_compile_definitions(schakel_options INTERFACE _GLIBCXX_ASSERTIONS SCHAKEL_VERSION="${PROJECT_VERSION}")
target_link_options(schakel_options INTERFACE -Wl,-z,relro,-z,now)
# Thirty programs are linked from the same large libraries; mold does it in a fraction of the time.
find_program(SCHAKEL_MOLD mold)
if(SCHAKEL_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12.1)
  add_link_options(-fuse-ld=mold)
endif()

# What the product's own code gets besides: hardening, or the sanitizers. Tests are compiled alike in every build, so that
# ccache has them for the next one; only under TSan, which must see every access, they are instrumented too.
add_library(schakel_product INTERFACE)
target_link_libraries(schakel_product INTERFACE schakel_options)
if(SCHAKEL_SANITIZE)
  target_compile_options(schakel_product INTERFACE -O1 -fsanitize=${SCHAKEL_SANITIZE} -fno-sanitize-recover=all)
  if(SCHAKEL_SANITIZE MATCHES "undefined")
    # What these find, ASan finds too, or x86-64 allows; they take a third of the time.
    target_compile_options(schakel_product INTERFACE -fno-sanitize=null,alignment,object-size,vptr)
  endif()
  add_link_options(-fsanitize=${SCHAKEL_SANITIZE})
  if(SCHAKEL_SANITIZE MATCHES "thread")
    target_compile_options(schakel_options INTERFACE -Wno-tsan)  # Asio's fences
  endif()
else()
  target_compile_options(schakel_product INTERFACE $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>)
  target_compile_definitions(schakel_product INTERFACE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()

# Sources of a layer are compiled some eight at a time (SCHAKEL_JOINED): half the work, since headers are read and templates
# made once for all of them. Those that schakel_alone() names are not.
function(schakel_alone)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# One layer, one static library. Only its own include/ is exported, so that an include
# against the arrows of the layering does not find its file; VERIFY_INTERFACE_HEADER_SETS
# proves that each public header compiles alone (target all_verify_interface_header_sets).
# A layer of headers alone gets an empty source, so that it stays an ordinary library to link.
function(schakel_layer name)
  file(GLOB headers CONFIGURE_DEPENDS include/${name}/*.h)
  set(sources ${ARGN})
  if(NOT sources)
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/no_sources.cc)
    file(CONFIGURE OUTPUT ${sources} CONTENT "")  # Leaves an unchanged file alone.
  endif()
  add_library(schakel_${name} STATIC ${sources})
  target_sources(schakel_${name} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${headers})
  set_target_properties(schakel_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON
                        UNITY_BUILD ${SCHAKEL_JOINED} UNITY_BUILD_BATCH_SIZE 8)
  target_link_libraries(schakel_${name} PRIVATE schakel_product)
endfunction()
