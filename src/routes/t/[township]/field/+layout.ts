/** The phone page works from what the phone keeps: the server sends an empty shell, the same for everybody. */
export const ssr = false;
