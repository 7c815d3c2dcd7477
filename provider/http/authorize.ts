import type { Policy, Request } from "./message.ts";

/** Something that can put its name to a request. */
export interface Signer {
	/** The value of the Authorization header for a request sent now. */
	authorization(): Promise<string>;
	/**
	 * Hears that the service refused the header as unauthorized.
	 *
	 * @param serviceTime the service's own clock at that moment, in milliseconds since 1970, where it told
	 * @returns whether the next header will be another one, so that a second try makes sense
	 */
	refused(serviceTime: number | undefined): boolean;
}

/** Signs each request as it goes out, and once more where a 401 was only about a stale token or a clock. */
export function authorize(signer: Signer): Policy {
	return (next) => async (request) => {
		const response = await next(await signed(request, signer));
		if (response.status !== 401 || !signer.refused(timeOf(response.headers["date"]))) return response;
		return next(await signed(request, signer));
	};
}

async function signed(request: Request, signer: Signer): Promise<Request> {
	return { ...request, headers: { ...request.headers, authorization: await signer.authorization() } };
}

function timeOf(date: string | undefined): number | undefined {
	const time = date === undefined ? Number.NaN : Date.parse(date);
	return Number.isNaN(time) ? undefined : time;
}
