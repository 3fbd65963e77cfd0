//! JUnit's XML, for servers that show tests: a suite for each file, a case for each finding.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::{Report, advice, locate};
use crate::diagnostic::{Diagnostic, Severity};

/// The report as test suites. An input that could not be read is an error, a finding a failure, a suppressed one a
/// skipped test; what is only good to know passes.
pub(super) fn junit(report: &Report<'_>) -> String {
    let mut suites: BTreeMap<String, Vec<TestCase>> = BTreeMap::new();
    for failure in report.failures {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type("unreadable-input").set_message(failure.message.as_str());
        suites.entry(failure.path.clone()).or_default().push(TestCase::new("unreadable-input", status));
    }
    for finding in report.current() {
        let status = status(finding);
        let (path, mut case) = case(finding, status, report);
        if finding.severity == Severity::Info {
            case.set_system_out(text(finding));
        }
        suites.entry(path).or_default().push(case);
    }
    for suppressed in report.suppressed {
        let mut status = TestCaseStatus::skipped();
        status.set_message(suppressed.reason.as_str());
        let (path, case) = case(&suppressed.finding, status, report);
        suites.entry(path).or_default().push(case);
    }
    if suites.is_empty() {
        // Servers take a report without a test for a broken one.
        let case = TestCase::new("no findings", TestCaseStatus::success());
        suites.insert("nlbswitch".to_owned(), vec![case]);
    }
    let mut document = quick_junit::Report::new("nlbswitch");
    for (path, cases) in suites {
        let mut suite = TestSuite::new(path.as_str());
        for mut case in cases {
            case.set_classname(path.as_str());
            suite.add_test_case(case);
        }
        document.add_test_suite(suite);
    }
    let mut text = document.to_string().unwrap_or_default();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn status(finding: &Diagnostic) -> TestCaseStatus {
    if finding.severity == Severity::Info {
        return TestCaseStatus::success();
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(finding.severity.to_string()).set_message(finding.message.as_str());
    status.set_description(text(finding));
    status
}

/// The test that a finding is, and the file it belongs to.
fn case(finding: &Diagnostic, status: TestCaseStatus, report: &Report<'_>) -> (String, TestCase) {
    let (path, place) = match finding.span.map(|span| locate(span, report.sources)) {
        Some(at) => (at.path, format!(" ({}:{})", at.line, at.column)),
        None => ("nlbswitch".to_owned(), String::new()),
    };
    (path, TestCase::new(format!("{} {}{place}", finding.code, finding.name), status))
}

fn text(finding: &Diagnostic) -> String {
    match advice(finding) {
        Some(advice) => format!("{}\n{advice}", finding.message),
        None => finding.message.clone(),
    }
}
