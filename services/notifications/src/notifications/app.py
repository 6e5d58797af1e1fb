"""The declaration of the service: what it answers, listens to and does on the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import cast

from chassis.cli import run
from chassis.http import TokenSource
from chassis.messaging.jobs import Job
from chassis.resources import Resources
from chassis.service import Loop, Proof, Service
from contracts.notifications import TOPIC as NOTIFICATIONS
from contracts.personal import without_payer

from notifications.channels.channel import Channel as ChannelOfMessages
from notifications.channels.email.bounce_mailbox import BounceMailbox, ImapServer
from notifications.channels.email.channel import EmailChannel
from notifications.channels.email.mail_events import PURPOSE as MAIL_EVENTS
from notifications.channels.email.mail_events import MailEvents, public_key
from notifications.channels.email.returns import PURPOSE as RETURNS
from notifications.channels.email.returns import ReturnAddresses
from notifications.channels.email.smtp import SmtpPool, SmtpServer
from notifications.channels.email.unsubscribing import unsubscribe_links
from notifications.channels.links import SignedLinks
from notifications.channels.sms.channel import SmsChannel
from notifications.channels.sms.provider import SmsAccount, SmsProvider
from notifications.channels.sms.status import status_links
from notifications.channels.tokens import Tokens
from notifications.channels.webhook.client import WebhookClient
from notifications.consumers import SUBSCRIPTIONS, outcomes
from notifications.documents.receipts import ReceiptsService
from notifications.domain.settings import Channel
from notifications.http import mail_events as mail_events_routes
from notifications.http import messages, settings, sms_status, suppressed_addresses, unsubscribing, webhooks
from notifications.http.problems import PROBLEMS
from notifications.jobs import delete_old_deliveries as delete_old
from notifications.jobs import mail_alerts as alerts
from notifications.jobs import read_bounces as bounces
from notifications.jobs.deliver_webhooks import DeliveringWebhooks
from notifications.jobs.send_messages import Sending
from notifications.persistence.tallies import TALLIES
from notifications.settings import NotificationsSettings
from notifications.use_cases.prove_log import prove_log


@asynccontextmanager
async def lifespan(resources: Resources) -> AsyncIterator[None]:
    """The channels and the way to the documents; what is in flight in the end is finished first."""
    settings = cast("NotificationsSettings", resources.settings)
    pool = SmtpPool(smtp_server(settings))
    links, returns = links_of(settings, unsubscribe_links), return_addresses(settings)
    resources.state.mail_events = mail_events(settings)
    channels: dict[Channel, ChannelOfMessages] = {
        Channel.EMAIL: EmailChannel(
            pool, settings.smtp_sender, resources.clock, links, returns, resources.state.mail_events
        )
    }
    resources.state.status_links = links_of(settings, status_links)
    resources.state.unsubscribe_links = links
    resources.state.return_addresses = returns
    resources.state.bounce_mailbox = bounce_mailbox(settings)
    provider = sms_provider(settings)
    if provider is not None:
        channels[Channel.SMS] = SmsChannel(provider, settings.sms_connections, links_of(settings, status_links))
    documents = ReceiptsService(settings.receipts_url, tokens_of(settings))
    sending = Sending(resources.database, resources.clock, channels, documents, rates=rates_of(settings))
    resources.state.sending = sending
    webhooks_client = WebhookClient(private_allowed=settings.webhook_private_addresses)
    delivering = DeliveringWebhooks(resources.database, resources.clock, webhooks_client)
    resources.state.delivering = delivering
    try:
        yield
    finally:
        await sending.finish()
        await delivering.finish()
        await webhooks_client.close()
        await documents.close()
        await pool.close()
        if provider is not None:
            await provider.close()


def loops(resources: Resources) -> list[Loop]:
    """A worker sends messages, and delivers events."""
    return [resources.state.sending, resources.state.delivering]


def tokens_of(settings: NotificationsSettings) -> TokenSource | None:
    """Tokens for the receipts service; without an issuer, messages that carry a document wait, and say why."""
    if settings.token_url is None:
        return None
    return TokenSource.from_settings(settings, "receipts:read")


def rates_of(settings: NotificationsSettings) -> dict[Channel, float]:
    """Messages a second that providers take, where they are said to take no more."""
    rates = {Channel.EMAIL: settings.smtp_per_second, Channel.SMS: settings.sms_per_second}
    return {channel: rate for channel, rate in rates.items() if rate is not None}


def sms_provider(settings: NotificationsSettings) -> SmsProvider | None:
    """Where text messages are handed over, if anybody has set that up."""
    if settings.sms_url is None:
        return None
    account = SmsAccount(
        url=settings.sms_url,
        account_sid=settings.sms_account_sid,
        auth_token=settings.sms_auth_token.get_secret_value() if settings.sms_auth_token else "",
        sender=settings.sms_sender,
        connections=settings.sms_connections,
        timeout_seconds=settings.sms_timeout_seconds,
    )
    return SmsProvider(account)


def links_of(settings: NotificationsSettings, made: Callable[[str, str], SignedLinks]) -> SignedLinks | None:
    """Links of a kind, if strangers can reach us."""
    if settings.public_url is None or settings.token_key is None:
        return None
    return made(settings.public_url, settings.token_key.get_secret_value())


def return_addresses(settings: NotificationsSettings) -> ReturnAddresses | None:
    """Where messages come back to, if anybody reads that."""
    if settings.bounce_address is None or settings.token_key is None:
        return None
    return ReturnAddresses(settings.bounce_address, Tokens(RETURNS, settings.token_key.get_secret_value()))


def mail_events(settings: NotificationsSettings) -> MailEvents | None:
    """What the mail provider says later, if it says anything, signed."""
    if settings.mail_events_key is None or settings.token_key is None:
        return None
    return MailEvents(public_key(settings.mail_events_key), Tokens(MAIL_EVENTS, settings.token_key.get_secret_value()))


def bounce_mailbox(settings: NotificationsSettings) -> BounceMailbox | None:
    """The mailbox that they come back to, if it is to be read by IMAP."""
    if settings.imap_host is None:
        return None
    server = ImapServer(
        host=settings.imap_host,
        port=settings.imap_port,
        security=settings.imap_security,
        username=settings.imap_username,
        password=settings.imap_password.get_secret_value() if settings.imap_password else "",
        folder=settings.imap_folder,
        timeout_seconds=settings.imap_timeout_seconds,
    )
    return BounceMailbox(server)


def smtp_server(settings: NotificationsSettings) -> SmtpServer:
    """Where mail is handed over."""
    return SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
        connections=settings.smtp_connections,
        timeout_seconds=settings.smtp_timeout_seconds,
    )


service = Service(
    name="notifications",
    description="Who was told, once, by email.",
    settings=NotificationsSettings,
    routers=[
        settings.router,
        messages.router,
        suppressed_addresses.router,
        webhooks.router,
        unsubscribing.router,
        sms_status.router,
        mail_events_routes.router,
    ],
    problems=PROBLEMS,
    without_person=without_payer,
    subscriptions=SUBSCRIPTIONS,
    announces=[NOTIFICATIONS],
    take_over=outcomes.on_outcomes,
    batch=250,  # its memory counts: API and worker are one process, and a document takes longer than its message
    loops=loops,
    jobs=[
        Job("delete_old_deliveries", delete_old.EVERY_SECONDS, delete_old.delete_old_deliveries),
        Job("read_bounces", bounces.EVERY_SECONDS, bounces.read_bounces),
        Job("mail_alerts", alerts.EVERY_SECONDS, alerts.mail_alerts),
    ],
    proofs=[Proof("messages told once", prove_log)],
    tallies=TALLIES,
    migrations=Path(__file__).parents[2] / "migrations",
    lifespan=lifespan,
)
main = partial(run, service)
