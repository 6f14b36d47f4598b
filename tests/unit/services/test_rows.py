"""Each service has a whole row, can be asked for, and has a place for its answer."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from dcmecho.diagnosis.services.model import ServicesResult
from dcmecho.diagnosis.services.service import Service
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.report.json.services import services_data
from tests.unit.cli.command_lines import accepts
from tests.unit.services.surveyed import STARTED

OWN_COMMANDS = {Service.MOVE: ["move", "--study", "1.2.3"], Service.STORE: ["store-test"]}


def test_a_question_and_an_answer_stand_under_the_name_of_their_service() -> None:
    assert {each.name for each in fields(SurveyRequest)} == set(Service)
    assert {each.name for each in fields(ServicesResult)} >= set(Service)
    assert services_data(ServicesResult("run1", STARTED)).keys() >= set(Service)


@pytest.mark.parametrize("service", Service)
class TestService:
    def test_has_a_heading_of_its_own(self, service: Service) -> None:
        assert service.row.title
        assert service.row.title not in {each.row.title for each in Service if each is not service}

    def test_can_be_asked_for_on_the_command_line(self, service: Service) -> None:
        if service in OWN_COMMANDS:
            assert not service.row.option
            assert accepts([*OWN_COMMANDS[service], "PACS"])
        else:
            assert service.row.meaning
            value = ["image.dcm"] if service is Service.LIKE else []
            assert accepts([service.row.option, *value, "PACS@192.0.2.20:104"])

    def test_takes_an_association_at_least(self, service: Service) -> None:
        one: dict[str, Any] = {service.value: True}
        asked = SurveyRequest(**one)
        assert asked
        assert asked.asks(service)
        assert asked.most_associations > 0

    def test_is_not_asked_unasked(self, service: Service) -> None:
        assert not SurveyRequest().asks(service)
