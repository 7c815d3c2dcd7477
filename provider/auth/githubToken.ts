import { systemClock } from "../http/clock.ts";
import { Deadline } from "../http/deadline.ts";
import { DeadlineExceeded, LongWaitRequired } from "../http/errors.ts";
import { createPipeline } from "../http/pipeline.ts";
import { parseJson } from "../http/response.ts";
import { retryRequests } from "../http/retry.ts";
import { createTransport } from "../http/transport.ts";
import { formatDuration } from "../text/quantities.ts";
import { asObject, asString } from "../values.ts";

/** The audience of a token, and how long to wait for it. */
interface GithubTokenOptions {
	/** The `aud` that Entra expects in the token (Entra, "Workload identity federation"). */
	readonly audience: string;
	/** Default: a minute. */
	readonly timeoutMs?: number;
}

/**
 * Requests the job's OIDC token from GitHub Actions (GitHub Docs, "OpenID Connect").
 *
 * @param requestUrl the job's ACTIONS_ID_TOKEN_REQUEST_URL
 * @param requestToken the job's ACTIONS_ID_TOKEN_REQUEST_TOKEN
 */
export async function requestGithubToken(
	requestUrl: string,
	requestToken: string,
	{ audience, timeoutMs = 60_000 }: GithubTokenOptions,
): Promise<string> {
	const url = new URL(requestUrl);
	url.searchParams.set("audience", audience);
	const sendRequest = createPipeline(createTransport(), retryRequests(systemClock));
	const response = await sendRequest({
		method: "GET",
		url,
		headers: { authorization: `Bearer ${requestToken}`, accept: "application/json" },
		repeatable: true,
		meter: "token",
		deadline: new Deadline("sign-in", timeoutMs, systemClock),
	}).catch((error: unknown) => {
		if (error instanceof LongWaitRequired)
			throw new Error(
				`GitHub Actions asks to wait ${formatDuration(error.waitMs / 1_000)} before it returns an identity token`,
			);
		if (!(error instanceof DeadlineExceeded)) throw error;
		throw new Error(`GitHub Actions returned no identity token within ${timeoutMs / 1_000} s`);
	});
	const token = response.status === 200 ? asString(asObject(parseJson(response.text))["value"]) : undefined;
	if (token === undefined) {
		throw new Error(`GitHub Actions returned no identity token (status ${response.status})`);
	}
	return token;
}
