import { HubError } from "./hubError.ts";
import { PREVIEW_2015 } from "./preview2015.ts";

/**
 * The api-versions that the live service answers: those that official clients send, and the 2015 preview with its own
 * device body.
 */
export const API_VERSIONS: readonly string[] = [
	PREVIEW_2015,
	"2018-06-30",
	"2019-10-01",
	"2020-03-13",
	"2020-05-31-preview",
	"2020-09-30",
	"2021-04-12",
	"2024-03-31",
];

/** Refuses a request whose api-version is missing or unknown. */
export function requireApiVersion(version: string | undefined): string {
	const known = API_VERSIONS.find((candidate) => candidate === version?.toLowerCase());
	if (known === undefined) {
		const said = version === undefined ? "no api-version" : `'${version}'`;
		throw new HubError("InvalidProtocolVersion", `Protocol version is not supported: ${said}`);
	}
	return known;
}
