import { systemClock } from "../http/clock.ts";
import { Deadline } from "../http/deadline.ts";
import { chain } from "../http/message.ts";
import { retry } from "../http/retry.ts";
import { transport } from "../http/transport.ts";

const PATIENCE = 60_000;

/**
 * Asks GitHub Actions for the job's identity token (GitHub Docs, "OpenID Connect").
 *
 * @param requestUrl the job's ACTIONS_ID_TOKEN_REQUEST_URL
 * @param bearer the job's ACTIONS_ID_TOKEN_REQUEST_TOKEN
 * @param audience what Entra expects in the token's `aud` (Entra, "Workload identity federation")
 */
export async function githubToken(requestUrl: string, bearer: string, audience: string): Promise<string> {
	const url = new URL(requestUrl);
	url.searchParams.set("audience", audience);
	const send = chain(transport(), retry(systemClock));
	const { status, text } = await send({
		method: "GET",
		url,
		headers: { authorization: `Bearer ${bearer}`, accept: "application/json" },
		repeatable: true,
		meter: "token",
		deadline: new Deadline("sign-in", PATIENCE, systemClock),
	});
	const token = status === 200 ? tokenIn(text) : undefined;
	if (token === undefined) throw new Error(`GitHub Actions gave no identity token (it answered ${status})`);
	return token;
}

function tokenIn(text: string): string | undefined {
	try {
		const answer: unknown = JSON.parse(text);
		if (typeof answer !== "object" || answer === null || !("value" in answer)) return undefined;
		return typeof answer.value === "string" ? answer.value : undefined;
	} catch {
		return undefined;
	}
}
