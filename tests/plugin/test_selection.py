"""Which contracts run: by name, by setting, by path, by pasted node id; and what else runs beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import acme

MANIFEST = "specs/acme/provider.toml"
IDS = [
    f"{MANIFEST}::getBatch::200-done",
    f"{MANIFEST}::getBatch::200-running",
    f"{MANIFEST}::getBatch::404-unknown",
    f"{MANIFEST}::getBatch::spec",
    f"{MANIFEST}::listBatches::spec",
]


WHY = "paths were given; type: pytest, pytest test_own.py --provider acme or contracts gate"


def collected(result):
    return [line for line in result.outlines if "::" in line]


@pytest.fixture
def with_tests(project, pytester):
    pytester.makepyfile(test_own="def test_own(): pass")
    return project


def test_a_provider_by_name_runs_its_contracts_only(with_tests, run):
    result = run("--provider=acme", "--collect-only", "-q")
    assert collected(result) == IDS


def test_nothing_of_ours_is_collected_unless_it_is_asked_for(with_tests, run):
    assert collected(run("--collect-only", "-q")) == ["test_own.py::test_own"]


def test_settings_add_contracts_to_a_bare_pytest(with_tests, run, pytester):
    pytester.makepyprojecttoml('[tool.contracts]\nproviders = ["acme"]\n')
    assert sorted(collected(run("--collect-only", "-q"))) == sorted([*IDS, "test_own.py::test_own"])


def test_settings_do_not_count_where_paths_are_given(with_tests, run, pytester):
    pytester.makepyprojecttoml('[tool.contracts]\nproviders = ["acme"]\n')
    result = run("test_own.py")
    result.assert_outcomes(passed=1)
    assert [line for line in result.outlines if line.startswith("contracts:")] == [
        f"contracts: the gate of acme does not run: {WHY}"
    ]


def test_the_header_says_that_the_settings_name_no_vendor(with_tests, run, pytester):
    pytester.makepyprojecttoml('[tool.contracts]\nfail-on = "warning"\n')
    result = run()
    result.assert_outcomes(passed=1)
    assert "contracts: no vendor is checked: [tool.contracts] names none in `providers`" in result.outlines


def test_a_marker_leaves_ours_out_or_chooses_them(with_tests, run, pytester):
    pytester.makepyprojecttoml('[tool.contracts]\nproviders = ["acme"]\n')
    without = run("-m", "not contracts", "--strict-markers")
    without.assert_outcomes(passed=1, deselected=len(IDS))
    assert without.ret == 0
    for chosen in (without, run("-k", "test_own")):
        assert "not checked: no recording was selected" in chosen.outlines
        assert "inconclusive" not in str(chosen.stdout)
    assert sorted(collected(run("-m", "contracts", "--collect-only", "-q"))) == sorted(IDS)


def test_the_header_names_consumers_of_providers_that_are_not_checked(project, run, pytester):
    consumers = '[tool.contracts.consumers]\n"app:ours" = "acme"\n"app:parse" = "wickson"\n'
    pytester.makepyprojecttoml(f'[tool.contracts]\nproviders = ["acme"]\n{consumers}')
    pytester.makepyfile(app="def ours(value): return value")
    said = "contracts: not run, since their providers are not checked: app:parse (wickson)"
    assert said in run("--collect-only", "-q", "-v").outlines
    assert said not in run("--collect-only", "-q", "-v", "--provider=acme").outlines


@pytest.mark.parametrize("root", [".", "./", "../{name}", "{path}"])
def test_the_root_given_as_a_path_is_the_whole_project(with_tests, run, pytester, root):
    pytester.makepyprojecttoml('[tool.contracts]\nproviders = ["acme"]\n')
    given = root.format(name=pytester.path.name, path=pytester.path)
    assert sorted(collected(run(given, "--collect-only", "-q"))) == sorted([*IDS, "test_own.py::test_own"])


def test_settings_do_not_count_in_a_folder_below_the_root(with_tests, run, pytester, monkeypatch):
    pytester.makepyprojecttoml('[tool.contracts]\nproviders = ["acme"]\n')
    below = pytester.mkdir("below")
    (below / "test_below.py").write_text("def test_below(): pass")
    monkeypatch.chdir(below)
    assert collected(run("--collect-only", "-q")) == ["below/test_below.py::test_below"]
    said = f"contracts: the gate of acme does not run: pytest was called below {pytester.path.name}"
    assert f"{said}; call it there, or type: contracts gate" in run().outlines


def test_a_name_on_the_command_line_overrides_the_settings(with_tests, run, pytester):
    pytester.makepyprojecttoml('[tool.contracts]\nproviders = ["nimble"]\n')
    assert collected(run("--provider=acme", "--collect-only", "-q")) == IDS


def test_testpaths_do_not_hide_the_contracts(with_tests, run, pytester):
    pytester.makepyprojecttoml(
        '[tool.pytest.ini_options]\ntestpaths = ["test_own.py"]\n[tool.contracts]\nproviders = ["acme"]\n'
    )
    assert sorted(collected(run("--collect-only", "-q"))) == sorted([*IDS, "test_own.py::test_own"])
    assert collected(run("--collect-only", "-q", "--provider", "acme")) == IDS


def test_paths_and_a_provider_add_up(with_tests, run):
    result = run("--provider=acme", "test_own.py", "--collect-only", "-q")
    assert collected(result) == ["test_own.py::test_own", *IDS]


def test_a_node_id_beside_its_provider_stays_alone(with_tests, run):
    assert collected(run("--provider=acme", IDS[1], "--collect-only", "-q")) == [IDS[1]]


@pytest.mark.parametrize("spelling", ["acme,nimble", "nimble, acme", "nimble,acme,nimble"])
def test_names_may_be_listed_with_commas(project, run, spelling):
    found = collected(run(f"--provider={spelling}", "--collect-only", "-q"))
    assert {line.partition("::")[0] for line in found} == {MANIFEST, "specs/nimble/provider.toml"}
    assert found == collected(run("--provider=acme", "--provider=nimble", "--collect-only", "-q"))
    assert len(found) == len(set(found))


def test_all_means_every_provider_there_is(project, run):
    found = collected(run("--provider=all", "--collect-only", "-q"))
    providers = {line.split("/")[1] for line in found}
    assert {"acme", "almanac", "nimble"} <= providers


def test_a_manifest_given_as_a_path_is_collected_without_any_option(project, run):
    assert collected(run(MANIFEST, "--collect-only", "-q")) == IDS
    assert collected(run(str(project / MANIFEST), "--collect-only", "-q")) == IDS


def test_every_id_can_be_pasted_back(project, run):
    for line in IDS:
        assert collected(run(line, "--collect-only", "-q")) == [line]
    run(*IDS).assert_outcomes(passed=5)


def test_every_id_of_a_bundled_vendor_can_be_pasted_back(pytester, run):
    printed = collected(run("--provider=nimble", "--collect-only", "-q"))
    assert printed[0].startswith("specs/nimble/provider.toml::")
    assert collected(run(*printed, "--collect-only", "-q")) == printed
    assert collected(run("specs/nimble/provider.toml::getBatch", "--collect-only", "-q")) == [
        line for line in printed if "::getBatch::" in line
    ]


def test_a_manifest_of_another_project_brings_its_own_specs(project, run, pytester, monkeypatch):
    elsewhere = pytester.mkdir("elsewhere")
    (elsewhere / "pytest.ini").write_text("[pytest]")
    monkeypatch.chdir(elsewhere)
    result = run(str(project / MANIFEST), "--rootdir", str(elsewhere))
    result.assert_outcomes(passed=5)


def test_a_manifest_outside_a_specs_folder_is_refused(project, run):
    other = project / "vendors" / "acme"
    other.mkdir(parents=True)
    (other / "provider.toml").write_text(acme.MANIFEST)
    result = run("vendors/acme/provider.toml")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: *vendors/acme/provider.toml: a manifest must be in a folder specs/<name>"]
    )


@pytest.mark.parametrize(
    ("chosen", "expected"), [("unknown", IDS[2:3]), ("done or running", IDS[:2]), ("listBatches", IDS[4:])]
)
def test_k_selects(project, run, chosen, expected):
    assert collected(run("--provider=acme", "-k", chosen, "--collect-only", "-q")) == expected


def test_an_operation_can_be_chosen(project, run):
    assert (
        collected(run("--provider=acme", "--contracts-operation=listBatches", "--collect-only", "-q"))
        == IDS[4:]
    )


def test_vendors_without_the_chosen_operation_are_left_out(project, run):
    found = collected(
        run("--provider=acme,matil", "--contracts-operation=listBatches", "--collect-only", "-q")
    )
    assert found == IDS[4:]


def test_an_operation_that_nobody_has_is_refused_with_the_nearest(project, run):
    result = run("--provider=acme", "--contracts-operation=getBach")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert (
        result.stderr.lines[0]
        == "ERROR: no operation 'getBach'; did you mean 'getBatch'? Known: getBatch, listBatches"
    )


def test_an_unknown_provider_is_refused_with_the_nearest(project, run):
    result = run("--provider=acne")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.stderr.lines[0].startswith(
        "ERROR: no provider 'acne'; did you mean 'acme'? Known: acme, almanac"
    )


def test_an_unknown_provider_in_the_settings_is_refused_with_its_place(project, run, pytester):
    pytester.makepyprojecttoml('[tool.contracts]\nproviders = ["acne"]\n')
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.stderr.lines[0].startswith(
        "ERROR: pyproject.toml: [tool.contracts]: no provider 'acne'; did you mean 'acme'? Known: acme"
    )


@pytest.mark.parametrize("value", ['"acme"', "[1]", "[{}]", '["acme", "acme"]'])
def test_settings_that_are_no_list_of_names_are_refused(project, run, pytester, value):
    pytester.makepyprojecttoml(f"[tool.contracts]\nproviders = {value}\n")
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.stderr.lines[0].startswith("ERROR: pyproject.toml: [tool.contracts] providers is ")


def test_an_unknown_setting_is_refused_with_the_nearest(project, run, pytester):
    pytester.makepyprojecttoml('[tool.contracts]\nproviders = ["acme"]\nfail_on = "note"\n')
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "no setting 'fail_on'; did you mean 'fail-on'?" in result.stderr.lines[0]


def test_live_without_a_provider_is_refused(project, run):
    result = run("--live")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.stderr.lines[0] == "ERROR: --live needs --provider: name the vendor to call, or all"


def test_a_recording_that_cannot_be_read_is_one_sentence(project, run):
    (project / "specs/acme/cassettes/getBatch/200-torn.json").write_text("{")
    result = run("--provider=acme")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.parseoutcomes()["failed"] == 1
    assert result.parseoutcomes()["passed"] > 1
    said = " ".join(" ".join(result.outlines).split())
    assert "200-torn.json: not JSON at line 1, column 2; it starts with '{'" in said


def test_the_users_recordings_join_the_bundled_ones(pytester, run):
    home = pytester.path / "specs" / "nimble" / "cassettes" / "getBatch"
    home.mkdir(parents=True)
    source = Path(__file__).parents[2] / "specs/nimble/cassettes/getBatch/404-unknown-batch.json"
    text = source.read_text().replace('"unknown-batch"', '"mine"')
    (home / "404-mine.json").write_text(text)
    found = collected(run("--provider=nimble", "--collect-only", "-q", "-k", "mine or 200-running"))
    assert found == [
        "specs/nimble/provider.toml::getBatch::200-running",
        "specs/nimble/provider.toml::getBatch::404-mine",
    ]


@pytest.mark.parametrize("options", [("-q",), ("-qq",), ("--no-header",)])
def test_a_run_without_a_header_says_at_its_end_that_the_gate_did_not_run(with_tests, run, pytester, options):
    pytester.makepyprojecttoml('[tool.contracts]\nproviders = ["acme"]\n')
    said = [line for line in run("test_own.py", *options).outlines if line.startswith("contracts:")]
    assert said == [f"contracts: the gate of acme does not run: {WHY}"]
    assert not [line for line in run(*options).outlines if line.startswith("contracts: the gate")]


@pytest.mark.parametrize("given", ["specs", "specs/", "specs/acme", "./specs/acme/", "{path}/specs/acme"])
def test_the_folder_of_a_vendor_stands_for_its_manifest(with_tests, run, pytester, given):
    folder = given.format(path=pytester.path)
    (pytester.path / "specs" / "acme" / "test_beside.py").write_text("def test_beside(): pass")
    found = collected(run(folder, "--collect-only", "-q"))
    assert sorted(found) == sorted([*IDS, "specs/acme/test_beside.py::test_beside"])


def test_the_own_part_of_a_bundled_vendor_stands_for_it(project, run, pytester):
    (pytester.path / "specs" / "nimble" / "cassettes").mkdir(parents=True)
    found = {line.partition("::")[0] for line in collected(run("specs/nimble", "--collect-only", "-q"))}
    assert found == {"specs/nimble/provider.toml"}


def test_a_folder_called_specs_without_vendors_is_a_folder_of_tests(run, pytester):
    (pytester.mkdir("specs") / "test_own.py").write_text("def test_own(): pass")
    result = run("specs", "-q")
    result.assert_outcomes(passed=1)
    assert "contracts" not in str(result.stdout)
