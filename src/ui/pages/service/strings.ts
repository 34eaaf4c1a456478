/** What the service's page says, beside the panels' own words. */
export const strings = {
  noName: {
    title: 'This is not the name of a service',
    text: 'The address should end in /services/ with a namespace and a service’s name.',
  },
}
