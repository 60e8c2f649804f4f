"""Amazon SES: SendEmail is authorised with the sender's domain and address; it refuses headers that AWS refuses; and each mail is
kept as its receivers get it, headers and files and all."""

import base64
import json
import re
from email import policy
from email.message import EmailMessage
from email.utils import localtime, parseaddr

import ministack.app
from ministack.core.responses import get_account_id, get_region
from ministack.services import ses_v2

mails: list[dict] = []  # account, identity and the whole message

# SES sets them itself, or takes them from other parts of the call: Developer Guide, "Amazon SES header fields".
OWN_HEADERS = {"bcc", "cc", "date", "from", "message-id", "mime-version", "return-path", "subject", "to"}
MOST_HEADERS = 15
HEADER_VALUE = re.compile(r"[ -~]{1,995}")

# Lines as long as they may be on the wire: Amazon SES folds no header that fits.
WIRE = policy.default.clone(max_line_length=998)
SEND = ("POST", "/v2/email/outbound-emails")

_enforce_ses_v2 = ministack.app._enforce_ses_v2
_handle_request = ses_v2.handle_request


def _enforce(method, path, headers, body, query_params, request_id):
    """MiniStack asks for the right to send with any identity, and knows no address that a policy could be tied to."""
    if (method, path.rstrip("/")) != SEND:
        return _enforce_ses_v2(method, path, headers, body, query_params, request_id)
    mail = json.loads(body)
    sender = parseaddr(mail["FromEmailAddress"])[1]
    arn = f"arn:aws:ses:{get_region()}:{get_account_id()}"
    used = [mail.get("FromEmailAddressIdentityArn") or f"{arn}:identity/{sender.rpartition('@')[2]}"]
    used += [f"{arn}:configuration-set/{name}" for name in [mail.get("ConfigurationSetName")] if name]
    asked = ("sesv2", "ses:SendEmail", headers, query_params, request_id)
    context = {"ses:fromaddress": sender}
    refusals = (ministack.app._enforce_data_plane(*asked, resource_arn=one, service_context=context) for one in used)
    return next(filter(None, refusals), None)


async def _handle(method, path, headers, body, query_params):
    if (method, path.rstrip("/")) != SEND:
        return await _handle_request(method, path, headers, body, query_params)
    mail = json.loads(body)
    if wrong := _wrong_headers(mail["Content"]["Simple"].get("Headers", [])):
        return ses_v2._json_err("BadRequestException", wrong)
    answer = await _handle_request(method, path, headers, body, query_params)
    if answer[0] == 200:
        sent = _message(mail, json.loads(answer[2])["MessageId"])
        identity = mail.get("FromEmailAddressIdentityArn")
        mails.append({"account": get_account_id(), "identity": identity, "message": sent.as_string(WIRE)})
    return answer


def _wrong_headers(headers: list[dict]) -> str | None:
    if len(headers) > MOST_HEADERS:
        return f"at most {MOST_HEADERS} headers"
    for header in headers:
        if header["Name"].lower() in OWN_HEADERS or not HEADER_VALUE.fullmatch(header["Value"]):
            return f"the header {header['Name']} is not allowed"
    return None


def _message(mail: dict, id: str) -> EmailMessage:
    simple = mail["Content"]["Simple"]
    message = EmailMessage()
    message["From"] = mail["FromEmailAddress"]
    message["To"] = ", ".join(mail["Destination"]["ToAddresses"])
    message["Subject"] = simple["Subject"]["Data"]
    message["Date"] = localtime()
    message["Message-ID"] = f"<{id}>"
    for header in simple.get("Headers", []):
        message[header["Name"]] = header["Value"]
    message.set_content(simple["Body"]["Text"]["Data"], cte="base64")
    message.add_alternative(simple["Body"]["Html"]["Data"], subtype="html", cte="base64")
    for file in simple.get("Attachments", []):
        kind, _, subtype = file["ContentType"].partition("/")
        content = base64.b64decode(file["RawContent"])
        message.add_attachment(content, kind, subtype, filename=file["FileName"])
    return message


def install() -> None:
    ministack.app._enforce_ses_v2 = _enforce
    ses_v2.handle_request = _handle
