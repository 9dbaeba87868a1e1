"""The planted faults of the rooms of the programme, and of operations: one line each."""

from tests.mutants.activity_faults import ACTIVITY_FAULTS
from tests.mutants.assessment_faults import ASSESSMENT_FAULTS
from tests.mutants.catch_up_faults import CATCH_UP_FAULTS
from tests.mutants.certificate_faults import CERTIFICATE_FAULTS
from tests.mutants.forecast_faults import FORECAST_FAULTS
from tests.mutants.joint_faults import JOINT_FAULTS
from tests.mutants.lesson_faults import LESSON_FAULTS
from tests.mutants.medevac_faults import MEDEVAC_FAULTS
from tests.mutants.meeting_faults import MEETING_FAULTS
from tests.mutants.meets_faults import MEETS_FAULTS
from tests.mutants.proposal_faults import PROPOSAL_FAULTS
from tests.mutants.publishing_faults import PUBLISHING_FAULTS
from tests.mutants.reform_faults import REFORM_FAULTS
from tests.mutants.report_faults import REPORT_FAULTS
from tests.mutants.safety_faults import SAFETY_FAULTS
from tests.mutants.sealed_faults import SEALED_FAULTS
from tests.mutants.second_look_faults import SECOND_LOOK_FAULTS
from tests.mutants.site_faults import SITE_FAULTS
from tests.mutants.suspension_faults import SUSPENSION_FAULTS
from tests.mutants.training_faults import TRAINING_FAULTS

ROOMS = (
    *REFORM_FAULTS, *SECOND_LOOK_FAULTS, *PUBLISHING_FAULTS, *SAFETY_FAULTS,
    *CERTIFICATE_FAULTS, *SUSPENSION_FAULTS, *CATCH_UP_FAULTS, *TRAINING_FAULTS, *FORECAST_FAULTS,
    *MEETS_FAULTS, *MEETING_FAULTS, *REPORT_FAULTS, *PROPOSAL_FAULTS, *LESSON_FAULTS,
    *ASSESSMENT_FAULTS,
    *ACTIVITY_FAULTS, *SITE_FAULTS, *JOINT_FAULTS, *MEDEVAC_FAULTS,
    *SEALED_FAULTS,
)  # fmt: skip
