"""The errors, by cause.

BriaError
├── ConfigurationError            the client itself was set up wrongly; nothing was sent
│   └── MissingTokenError
├── InvalidInputError             refused here, before anything was sent or spent
│   ├── BatchInputError               rows of a batch cannot be requests
│   └── FileChangedError              a file changed, or went, between its check and its sending
├── ApiError                      Bria answered, and the answer is not a success
│   ├── AuthenticationError       401
│   ├── AccessDeniedError         403
│   │   ├── QuotaExceededError        the account's requests are used up
│   │   └── PlanError                 the plan does not include this
│   ├── NotFoundError             404
│   ├── ConflictError             409  e.g. a completed dataset is frozen
│   ├── PreconditionError         412  e.g. the dataset is not completed
│   ├── ValidationError           400, 422
│   │   └── ModerationError           content moderation refused the input
│   ├── TooLargeError             413
│   ├── UnsupportedMediaError     415
│   ├── ImageNotFetchedError      460  Bria could not fetch an image URL
│   ├── UnsupportedInputError     506
│   ├── RateLimitedError          429
│   ├── ServerError               any other 5xx
│   └── UnexpectedAnswerError     anything undocumented, a malformed success included
├── NoAnswerError                 no answer came, and asking again does no harm
│   ├── BriaConnectionError
│   └── BriaTimeoutError
├── SubmitOutcomeUnknown          a POST may or may not have been carried out, and billed
├── DownloadError                 a result could not be fetched whole
├── JobError                      one job; carries `request_id`
│   ├── JobFailed
│   ├── JobNotFound
│   ├── JobStateUnknown
│   └── WaitTimeout                   the job goes on and is already paid for
├── VisualIdentityError           carries what was made, and paid for, before the step that failed
├── BulkUploadFailed              the one bulk upload of a dataset is spent
├── DatasetIncomplete             lists everything that is missing
├── TrainingError                 one training; carries `model_id`
│   ├── TrainingFailed
│   ├── TrainingStopped
│   ├── TrainingStuck                 it runs much longer than Bria documents
│   └── TrainingTimeout               the training goes on and is already paid for
├── WebhookSignatureError         Bria did not sign this delivery with a known token, or long ago
├── JournalError                  a batch's journal cannot be used
│   └── JournalInUse                  another process works with it
└── BatchStopped                  before its last request; what was paid for is finished
"""

from __future__ import annotations

from bria_tailored_ext.values.errors.answers import (
    AccessDeniedError,
    ApiError,
    AuthenticationError,
    BriaConnectionError,
    BriaTimeoutError,
    ConflictError,
    DownloadError,
    ImageNotFetchedError,
    ModerationError,
    NoAnswerError,
    NotFoundError,
    PlanError,
    PreconditionError,
    QuotaExceededError,
    RateLimitedError,
    ServerError,
    SubmitOutcomeUnknown,
    TooLargeError,
    UnexpectedAnswerError,
    UnsupportedInputError,
    UnsupportedMediaError,
    ValidationError,
)
from bria_tailored_ext.values.errors.batches import (
    BatchInputError,
    BatchStopped,
    JournalError,
    JournalInUse,
)
from bria_tailored_ext.values.errors.jobs import (
    JobError,
    JobFailed,
    JobNotFound,
    JobStateUnknown,
    WaitTimeout,
)
from bria_tailored_ext.values.errors.roots import (
    BriaError,
    ConfigurationError,
    FileChangedError,
    InvalidInputError,
    MissingTokenError,
)
from bria_tailored_ext.values.errors.webhooks import (
    WebhookSignatureError,
)
from bria_tailored_ext.values.errors.workflows import (
    BulkUploadFailed,
    DatasetIncomplete,
    TrainingError,
    TrainingFailed,
    TrainingStopped,
    TrainingStuck,
    TrainingTimeout,
    VisualIdentityError,
)

__all__ = [
    "AccessDeniedError",
    "ApiError",
    "AuthenticationError",
    "BatchInputError",
    "BatchStopped",
    "BriaConnectionError",
    "BriaError",
    "BriaTimeoutError",
    "BulkUploadFailed",
    "ConfigurationError",
    "ConflictError",
    "DatasetIncomplete",
    "DownloadError",
    "FileChangedError",
    "ImageNotFetchedError",
    "InvalidInputError",
    "JobError",
    "JobFailed",
    "JobNotFound",
    "JobStateUnknown",
    "JournalError",
    "JournalInUse",
    "MissingTokenError",
    "ModerationError",
    "NoAnswerError",
    "NotFoundError",
    "PlanError",
    "PreconditionError",
    "QuotaExceededError",
    "RateLimitedError",
    "ServerError",
    "SubmitOutcomeUnknown",
    "TooLargeError",
    "TrainingError",
    "TrainingFailed",
    "TrainingStopped",
    "TrainingStuck",
    "TrainingTimeout",
    "UnexpectedAnswerError",
    "UnsupportedInputError",
    "UnsupportedMediaError",
    "ValidationError",
    "VisualIdentityError",
    "WaitTimeout",
    "WebhookSignatureError",
]
