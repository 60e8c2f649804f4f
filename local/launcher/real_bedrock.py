"""The real Bedrock, asked with the caller's credentials, which the handler never sees."""

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError


class RealBedrock:
    """To be made while the caller's credentials are still in the environment: they are read here, once."""

    def __init__(self, region: str):
        session = boto3.Session()
        credentials = session.get_credentials()
        if credentials is None:
            raise SystemExit("local AWS: `--bedrock` needs AWS credentials in the environment or a profile, found none")
        credentials.get_frozen_credentials()
        # The handler retries by itself: one call of the handler's is one call to Bedrock.
        config = Config(retries={"total_max_attempts": 1}, read_timeout=60)
        self._client = session.client("bedrock-runtime", region_name=region, config=config)

    def turn(self, model: str, request: dict) -> dict:
        """What Bedrock answered, in the form of a script's turn."""
        try:
            response = self._client.converse(modelId=model, **request)
        except ClientError as error:
            details = error.response["Error"]
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            return {"error": details["Code"], "status": status, "message": details.get("Message", "")}
        except BotoCoreError as error:
            return {"error": "ServiceUnavailableException", "status": 503, "message": str(error)}
        response.pop("ResponseMetadata")
        return {"body": response}
