import { systemClock } from "../http/clock.ts";
import { Deadline } from "../http/deadline.ts";
import { DeadlineExceeded } from "../http/errors.ts";
import { members, textOf } from "../http/json.ts";
import { jsonOf } from "../http/legible.ts";
import { chain } from "../http/message.ts";
import { retry } from "../http/retry.ts";
import { transport } from "../http/transport.ts";

/** What a token is for, and how long to wait for it. */
interface Wish {
	/** What Entra expects in the token's `aud` (Entra, "Workload identity federation"). */
	readonly audience: string;
	/** In milliseconds. Default: a minute. */
	readonly patience?: number;
}

/**
 * Asks GitHub Actions for the job's identity token (GitHub Docs, "OpenID Connect").
 *
 * @param requestUrl the job's ACTIONS_ID_TOKEN_REQUEST_URL
 * @param bearer the job's ACTIONS_ID_TOKEN_REQUEST_TOKEN
 */
export async function githubToken(
	requestUrl: string,
	bearer: string,
	{ audience, patience = 60_000 }: Wish,
): Promise<string> {
	const url = new URL(requestUrl);
	url.searchParams.set("audience", audience);
	const send = chain(transport(), retry(systemClock));
	const response = await send({
		method: "GET",
		url,
		headers: { authorization: `Bearer ${bearer}`, accept: "application/json" },
		repeatable: true,
		meter: "token",
		deadline: new Deadline("sign-in", patience, systemClock),
	}).catch((error: unknown) => {
		if (!(error instanceof DeadlineExceeded)) throw error;
		throw new Error(`GitHub Actions gave no identity token within ${patience / 1_000} s`);
	});
	const token = response.status === 200 ? textOf(members(jsonOf(response))["value"]) : undefined;
	if (token === undefined) {
		throw new Error(`GitHub Actions gave no identity token (it answered ${response.status})`);
	}
	return token;
}
